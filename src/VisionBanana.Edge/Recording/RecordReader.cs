using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// Reads the fields of one MCAP record; every read is checked against its end. Bytes behind the known fields are left alone, as the
/// format asks.
/// </summary>
internal ref struct RecordReader(ReadOnlySpan<byte> content, string record)
{
    private readonly ReadOnlySpan<byte> _content = content;
    private readonly string _record = record;
    private int _position;

    public readonly int Position => _position;

    public readonly int Remaining => _content.Length - _position;

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public byte ReadUInt8() => Take(1)[0];

    /// <summary>Reads a uint64 that means a size, an offset or a time: above 2⁶³ none of them makes sense.</summary>
    public long ReadInt64()
    {
        long value = BinaryPrimitives.ReadInt64LittleEndian(Take(8));
        return value >= 0
            ? value
            : throw new MessageFormatException($"The {_record} record holds {(ulong)value} at byte {_position - 8}: too large for a size or a time.");
    }

    /// <summary>Reads a time; one above 2⁶³ ns, which none is, becomes the latest there is.</summary>
    public long ReadTime() => BinaryPrimitives.ReadInt64LittleEndian(Take(8)) is >= 0 and var time ? time : long.MaxValue;

    public int ReadCount(string what)
    {
        uint value = ReadUInt32();
        return value <= int.MaxValue ? (int)value : throw new MessageFormatException($"The {_record} record counts {value} {what}.");
    }

    public string ReadString()
    {
        ReadOnlySpan<byte> text = ReadSized();
        return Utf8.IsValid(text)
            ? Encoding.UTF8.GetString(text)
            : throw new MessageFormatException($"Expected UTF-8 in the text of {text.Length} bytes before byte {_position} of the {_record} record.");
    }

    /// <summary>Reads bytes that are preceded by their number as uint32.</summary>
    public ReadOnlySpan<byte> ReadSized() => Take(ReadUInt32());

    /// <summary>Reads bytes that are preceded by their number as uint64.</summary>
    public ReadOnlySpan<byte> ReadLongSized() => Take(ReadInt64());

    public ImmutableDictionary<string, string> ReadMap()
    {
        var entries = new RecordReader(ReadSized(), _record);
        ImmutableDictionary<string, string>.Builder map = ImmutableDictionary.CreateBuilder<string, string>();
        while (entries.Remaining > 0)
        {
            string key = entries.ReadString();
            map[key] = entries.ReadString();
        }

        return map.ToImmutable();
    }

    public void Skip(long count) => Take(count);

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count > Remaining)
        {
            throw new MessageFormatException($"Expected {count} bytes at byte {_position} of the {_record} record, but it ends after {_content.Length}.");
        }

        ReadOnlySpan<byte> taken = _content.Slice(_position, (int)count);
        _position += (int)count;
        return taken;
    }
}
