using System.Buffers.Binary;
using System.Text;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>
/// Walks the fields of one protobuf message in place (protobuf.dev/programming-guides/encoding). Just enough to look into a
/// model file without an inference engine, and strict: whatever does not fit into the message is a <see cref="FormatException"/>.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Value of the current field when it is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>Bytes of the current field when it is a text, a byte string, a message or a packed list.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>True when the current field carries <see cref="Bytes"/>.</summary>
    public bool HasBytes { get; private set; }

    /// <summary>The current field as a text.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Moves to the next field; false at the end.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong key = Varint();
        Field = key >> 3 is > 0 and <= 536870911 and var field ? (int)field : throw new FormatException("a field has no valid number");
        HasBytes = false;
        Bytes = default;
        switch (key & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case 2:
                ulong length = Varint();
                Bytes = length <= (ulong)_rest.Length ? Take((int)length) : throw new FormatException("a field is longer than what is left of the file");
                HasBytes = true;
                break;
            case 5:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw new FormatException("a field has an unknown wire type");
        }

        return true;
    }

    /// <summary>Adds the current field, packed or not, to a list of numbers.</summary>
    public readonly void AppendNumbers(List<long> values)
    {
        if (!HasBytes)
        {
            values.Add((long)Number);
            return;
        }

        var packed = new ProtoReader(Bytes);
        while (!packed._rest.IsEmpty)
        {
            values.Add((long)packed.Varint());
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new FormatException("the file ends inside a field");
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < Math.Min(10, _rest.Length); i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw new FormatException("a number does not end");
    }
}
