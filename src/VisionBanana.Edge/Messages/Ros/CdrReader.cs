using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace VisionBanana.Edge.Messages.Ros;

/// <summary>
/// Reads a message written as CDR (XCDR1, little endian, 4-byte encapsulation header). Every read is checked against the end of the
/// payload, and no count is believed before the bytes for it are there: malformed input ends in
/// <see cref="MessageFormatException"/>, never in an over-read or a large allocation.
/// </summary>
public ref struct CdrReader
{
    private readonly ReadOnlyMemory<byte> _payload;
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    /// <summary>Begins to read behind the encapsulation header.</summary>
    /// <exception cref="MessageFormatException">The payload is not little-endian CDR.</exception>
    public CdrReader(ReadOnlyMemory<byte> payload)
    {
        _payload = payload;
        _bytes = payload.Span;
        if (_bytes.Length < CdrWriter.EncapsulationLength)
        {
            throw new MessageFormatException($"Expected a CDR message of at least 4 bytes, found {_bytes.Length}.");
        }

        // The two option bytes are not read: some writers note the padding at the end there.
        if (_bytes[0] != 0 || _bytes[1] != 1)
        {
            throw new MessageFormatException(
                $"Expected the encapsulation 00 01 (CDR, little endian), found {_bytes[0]:X2} {_bytes[1]:X2}; big endian and XCDR2 are not read.");
        }

        _position = CdrWriter.EncapsulationLength;
    }

    /// <summary>Offset of the next byte in the payload.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _bytes.Length - _position;

    /// <summary>Reads a uint8 or byte.</summary>
    public byte ReadUInt8() => Take(1, "uint8")[0];

    /// <summary>Reads a bool; anything but 0 and 1 is malformed.</summary>
    public bool ReadBool()
    {
        byte value = Take(1, "bool")[0];
        return value <= 1 ? value == 1 : throw new MessageFormatException($"Expected a bool (0 or 1) at byte {_position - 1}, found {value}.");
    }

    /// <summary>Reads a uint16.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(TakeAligned(2, "uint16"));

    /// <summary>Reads an int32.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(TakeAligned(4, "int32"));

    /// <summary>Reads a uint32.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(TakeAligned(4, "uint32"));

    /// <summary>Reads a float32.</summary>
    public float ReadFloat32() => BinaryPrimitives.ReadSingleLittleEndian(TakeAligned(4, "float32"));

    /// <summary>Reads a float64.</summary>
    public double ReadFloat64() => BinaryPrimitives.ReadDoubleLittleEndian(TakeAligned(8, "float64"));

    /// <summary>Reads a string. A length of 0 is read as empty: some writers leave out the closing NUL then.</summary>
    public string ReadString()
    {
        int start = _position;
        uint length = ReadUInt32();
        if (length == 0)
        {
            return "";
        }

        ReadOnlySpan<byte> text = Take(length, "string");
        if (text[^1] != 0)
        {
            throw new MessageFormatException($"Expected the string at byte {start} to end with NUL after {length} bytes, found {text[^1]:X2}.");
        }

        text = text[..^1];
        if (text.Contains((byte)0) || !Utf8.IsValid(text))
        {
            throw new MessageFormatException($"Expected UTF-8 without NUL in the string of {length} bytes at byte {start}.");
        }

        return Encoding.UTF8.GetString(text);
    }

    /// <summary>Reads the number of elements of a sequence and checks that as many can still follow.</summary>
    /// <param name="minimumElementBytes">The fewest bytes one element takes.</param>
    public int ReadCount(int minimumElementBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minimumElementBytes);
        int start = _position;
        uint count = ReadUInt32();
        if (count > (uint)(Remaining / minimumElementBytes))
        {
            throw new MessageFormatException(
                $"The sequence at byte {start} claims {count} elements of at least {minimumElementBytes} bytes, but only {Remaining} bytes follow.");
        }

        return (int)count;
    }

    /// <summary>Reads float64 values into <paramref name="values"/>: the fixed arrays of ROS.</summary>
    public void ReadFloat64Array(Span<double> values)
    {
        foreach (ref double value in values)
        {
            value = ReadFloat64();
        }
    }

    /// <summary>Reads a uint8[] in place: the result is a part of the payload, not a copy.</summary>
    public ReadOnlyMemory<byte> ReadBytes()
    {
        int count = ReadCount(1);
        ReadOnlyMemory<byte> bytes = _payload.Slice(_position, count);
        _position += count;
        return bytes;
    }

    /// <summary>Checks that the message ends here; up to three bytes of padding are allowed, as DDS adds them.</summary>
    public readonly void End()
    {
        if (Remaining > 3)
        {
            throw new MessageFormatException($"The message ends at byte {_position}, but {Remaining} more bytes follow: it is of another type.");
        }
    }

    private ReadOnlySpan<byte> TakeAligned(int size, string what)
    {
        int padding = -(_position - CdrWriter.EncapsulationLength) & (size - 1);
        if (padding > Remaining)
        {
            throw EndsEarly((uint)size, what);
        }

        _position += padding;
        return Take((uint)size, what);
    }

    private ReadOnlySpan<byte> Take(uint count, string what)
    {
        if (count > (uint)Remaining)
        {
            throw EndsEarly(count, what);
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(_position, (int)count);
        _position += (int)count;
        return taken;
    }

    private readonly MessageFormatException EndsEarly(uint count, string what) =>
        new($"Expected {what} of {count} bytes at byte {_position}, but the payload ends after {_bytes.Length}.");
}
