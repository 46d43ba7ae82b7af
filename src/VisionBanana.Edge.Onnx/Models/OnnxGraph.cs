using System.Collections.Immutable;
using System.Globalization;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>What an ONNX file says about itself, read without an inference engine (fields of onnx.proto).</summary>
internal sealed class OnnxGraph
{
    private static readonly string[] ElementTypes =
    [
        "undefined", "float", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "double",
        "uint32", "uint64", "complex64", "complex128", "bfloat16",
    ];

    private readonly List<GraphTensor> _inputs = [];
    private readonly List<GraphTensor> _outputs = [];
    private readonly HashSet<string> _initialisers = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _externalFiles = new(StringComparer.Ordinal);
    private bool _hasGraph;

    private OnnxGraph()
    {
    }

    public long IrVersion { get; private set; }

    /// <summary>The version of the standard operator set; null when the file names none.</summary>
    public long? Opset { get; private set; }

    public string Producer { get; private set; } = "";

    public int Nodes { get; private set; }

    /// <summary>Elements of all weights.</summary>
    public long Parameters { get; private set; }

    /// <summary>Inputs that somebody must fill: weights that old files list among the inputs are left out.</summary>
    public ImmutableArray<GraphTensor> Inputs { get; private set; }

    public ImmutableArray<GraphTensor> Outputs { get; private set; }

    /// <summary>Files beside the model that hold weights.</summary>
    public IReadOnlyCollection<string> ExternalFiles => _externalFiles;

    /// <exception cref="FormatException">The bytes are no ONNX model.</exception>
    public static OnnxGraph Read(ReadOnlySpan<byte> model)
    {
        var graph = new OnnxGraph();
        var reader = new ProtoReader(model);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    graph.IrVersion = (long)reader.Number;
                    break;
                case 2:
                    graph.Producer = reader.Text;
                    break;
                case 7:
                    graph._hasGraph = true;
                    graph.ReadGraph(reader.Bytes);
                    break;
                case 8:
                    graph.ReadOpset(reader.Bytes);
                    break;
            }
        }

        if (!graph._hasGraph || graph.IrVersion is < 1 or > 1000)
        {
            throw new FormatException("it holds no graph");
        }

        graph.Inputs = [.. graph._inputs.Where(t => !graph._initialisers.Contains(t.Name))];
        graph.Outputs = [.. graph._outputs];
        return graph;
    }

    private void ReadOpset(ReadOnlySpan<byte> message)
    {
        string domain = "";
        long version = 0;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    domain = reader.Text;
                    break;
                case 2:
                    version = (long)reader.Number;
                    break;
            }
        }

        if (domain is "" or "ai.onnx")
        {
            Opset = version;
        }
    }

    private void ReadGraph(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    Nodes++;
                    break;
                case 5:
                    ReadInitialiser(reader.Bytes);
                    break;
                case 11:
                    _inputs.Add(ReadTensor(reader.Bytes));
                    break;
                case 12:
                    _outputs.Add(ReadTensor(reader.Bytes));
                    break;
            }
        }
    }

    private void ReadInitialiser(ReadOnlySpan<byte> message)
    {
        var dims = new List<long>();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.AppendNumbers(dims);
                    break;
                case 8:
                    _initialisers.Add(reader.Text);
                    break;
                case 13:
                    ReadExternal(reader.Bytes);
                    break;
            }
        }

        long count = 1;
        foreach (long dim in dims)
        {
            count = dim is >= 0 and < int.MaxValue && count < long.MaxValue / int.MaxValue
                ? count * dim
                : throw new FormatException("a weight has an impossible shape");
        }

        Parameters += count;
    }

    private void ReadExternal(ReadOnlySpan<byte> entry)
    {
        string key = "", value = "";
        var reader = new ProtoReader(entry);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    key = reader.Text;
                    break;
                case 2:
                    value = reader.Text;
                    break;
            }
        }

        if (key == "location")
        {
            _externalFiles.Add(value);
        }
    }

    private static GraphTensor ReadTensor(ReadOnlySpan<byte> message)
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
