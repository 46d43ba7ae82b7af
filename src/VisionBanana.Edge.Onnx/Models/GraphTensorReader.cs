using System.Collections.Immutable;
using System.Globalization;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>Reads what a graph says of its inputs and outputs (ValueInfoProto of onnx.proto).</summary>
internal static class GraphTensorReader
{
    private static readonly string[] ElementTypes =
    [
        "undefined", "float", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "double",
        "uint32", "uint64", "complex64", "complex128", "bfloat16",
    ];

    /// <summary>Reads a ValueInfoProto.</summary>
    public static GraphTensor Read(ReadOnlySpan<byte> message)
    {
        string name = "", type = "not a tensor";
        ImmutableArray<string>? shape = null;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text;
                    break;
                case 2:
                    var kinds = new ProtoReader(reader.Bytes);
                    while (kinds.Next())
                    {
                        if (kinds.Field == 1)
                        {
                            (type, shape) = ReadTensorType(kinds.Bytes);
                        }
                    }

                    break;
            }
        }

        return new GraphTensor(name, type, shape);
    }

    private static (string Type, ImmutableArray<string>? Shape) ReadTensorType(ReadOnlySpan<byte> message)
    {
        string type = "undefined";
        ImmutableArray<string>? shape = null;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    type = reader.Number < (ulong)ElementTypes.Length
                        ? ElementTypes[reader.Number]
                        : string.Create(CultureInfo.InvariantCulture, $"type {reader.Number}");
                    break;
                case 2:
                    shape = ReadShape(reader.Bytes);
                    break;
            }
        }

        return (type, shape);
    }

    private static ImmutableArray<string> ReadShape(ReadOnlySpan<byte> message)
    {
        ImmutableArray<string>.Builder shape = ImmutableArray.CreateBuilder<string>();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                continue;
            }

            string dim = "?";
            var dims = new ProtoReader(reader.Bytes);
            while (dims.Next())
            {
                dim = dims.Field switch
                {
                    1 => ((long)dims.Number).ToString(CultureInfo.InvariantCulture),
                    2 when dims.Bytes.Length > 0 => dims.Text,
                    _ => dim,
                };
            }

            shape.Add(dim);
        }

        return shape.ToImmutable();
    }
}
