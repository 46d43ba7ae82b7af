using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace VisionBanana.Edge.Messages.Ros;

/// <summary>
/// Writes one message at a time as ROS 2 does: CDR (XCDR1), little endian, behind a 4-byte encapsulation header; primitives are
/// aligned to their own size, counted from after that header. The buffer is pinned, grows when it must and is reused:
/// once warm nothing is allocated. Encoders may append through <see cref="IBufferWriter{T}"/> between
/// <see cref="BeginBytes"/> and <see cref="EndBytes"/>.
/// </summary>
public sealed class CdrWriter : IBufferWriter<byte>
{
    /// <summary>Bytes of the encapsulation header: representation (00 01 = CDR little endian) and options (00 00).</summary>
    public const int EncapsulationLength = 4;

    private byte[] _buffer;
    private int _count;

    /// <summary>Creates a writer with room for <paramref name="capacity"/> bytes.</summary>
    public CdrWriter(int capacity = 512)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, EncapsulationLength);
        _buffer = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
        Begin();
    }

    /// <summary>Bytes written so far, encapsulation header included.</summary>
    public int Length => _count;

    /// <summary>The message. Valid until the next <see cref="Begin"/>.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _count);

    /// <summary>Forgets what was written and starts the next message.</summary>
    public void Begin()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer, 0x0000_0100);
        _count = EncapsulationLength;
    }

    /// <summary>Writes a uint8 or byte.</summary>
    public void WriteUInt8(byte value) => Take(1)[0] = value;

    /// <summary>Writes a bool as one byte.</summary>
    public void WriteBool(bool value) => Take(1)[0] = value ? (byte)1 : (byte)0;

    /// <summary>Writes a uint16.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(TakeAligned(2), value);

    /// <summary>Writes an int32.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(TakeAligned(4), value);

    /// <summary>Writes a uint32.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(TakeAligned(4), value);

    /// <summary>Writes a float32.</summary>
    public void WriteFloat32(float value) => BinaryPrimitives.WriteSingleLittleEndian(TakeAligned(4), value);

    /// <summary>Writes a float64.</summary>
    public void WriteFloat64(double value) => BinaryPrimitives.WriteDoubleLittleEndian(TakeAligned(8), value);

    /// <summary>Writes a string: its length with the closing NUL, UTF-8, NUL.</summary>
    /// <exception cref="ArgumentException">The text holds a NUL, which ends a string for every ROS reader.</exception>
    public void WriteString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("A ROS string cannot hold a NUL character: readers would cut the text there.", nameof(value));
        }

        int length = Encoding.UTF8.GetByteCount(value);
        WriteInt32(checked(length + 1));
        Span<byte> target = Take(length + 1);
        Encoding.UTF8.GetBytes(value, target);
        target[length] = 0;
    }

    /// <summary>Writes the number of elements that follow.</summary>
    public void WriteCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        WriteInt32(count);
    }

    /// <summary>Writes float64 values without a count: the fixed arrays of ROS.</summary>
    public void WriteFloat64Array(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            WriteFloat64(value);
        }
    }

    /// <summary>Writes a uint8[].</summary>
    public void WriteBytes(ReadOnlySpan<byte> value) => value.CopyTo(ReserveBytes(value.Length));

    /// <summary>Writes the length of a uint8[] and returns the room for its bytes, to be filled before anything else is written.</summary>
    public Span<byte> ReserveBytes(int length)
    {
        WriteCount(length);
        return Take(length);
    }

    /// <summary>Starts a uint8[] of unknown length; append through <see cref="IBufferWriter{T}"/>, then call <see cref="EndBytes"/> with the result.</summary>
    public int BeginBytes()
    {
        WriteInt32(0);
        return _count;
    }

    /// <summary>Closes what <see cref="BeginBytes"/> started and returns how many bytes it holds.</summary>
    public int EndBytes(int start)
    {
        if (start < EncapsulationLength + sizeof(uint) || start > _count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), start, "Expected the value that BeginBytes returned for this message.");
        }

        int length = _count - start;
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(start - sizeof(uint)), length);
        return length;
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _count);
        _count += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_count);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_count);
    }

    /// <summary>Pads to a multiple of <paramref name="size"/> after the encapsulation header, with zeros so that equal messages are equal bytes.</summary>
    private Span<byte> TakeAligned(int size)
    {
        int padding = -(_count - EncapsulationLength) & (size - 1);
        Ensure(padding + size);
        _buffer.AsSpan(_count, padding).Clear();
        _count += padding;
        return Take(size);
    }

    private Span<byte> Take(int count)
    {
        Ensure(count);
        Span<byte> taken = _buffer.AsSpan(_count, count);
        _count += count;
        return taken;
    }

    private void Ensure(int more)
    {
        if (more > _buffer.Length - _count)
        {
            Grow(more);
        }
    }

    private void Grow(int more)
    {
        long needed = (long)_count + more;
        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"A message of {needed} bytes does not fit a buffer of at most {Array.MaxLength}; publish a smaller picture or cloud.");
        }

        uint rounded = BitOperations.RoundUpToPowerOf2((uint)needed);
        byte[] larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(rounded, (uint)Array.MaxLength), pinned: true);
        _buffer.AsSpan(0, _count).CopyTo(larger);
        _buffer = larger;
    }
}
