using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace VisionBanana.Edge.Recording;

/// <summary>A growing buffer of MCAP records, used again and again: once warm nothing is allocated.</summary>
internal sealed class RecordBuffer(int capacity)
{
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Gives back what was reserved and not used.</summary>
    public void Cut(int length) => Length = length;

    public Span<byte> Reserve(int count)
    {
        if (count > _bytes.Length - Length)
        {
            Grow(count);
        }

        Span<byte> room = _bytes.AsSpan(Length, count);
        Length += count;
        return room;
    }

    public void WriteUInt8(byte value) => Reserve(1)[0] = value;

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);

    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    public void WriteString(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        WriteUInt32((uint)length);
        Encoding.UTF8.GetBytes(text, Reserve(length));
    }

    public void WriteMap(IReadOnlyDictionary<string, string> map)
    {
        int start = BeginArray();
        foreach ((string key, string value) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            WriteString(key);
            WriteString(value);
        }

        EndArray(start);
    }

    /// <summary>Starts a record; give the result to <see cref="EndRecord"/>.</summary>
    public int BeginRecord(byte opcode)
    {
        WriteUInt8(opcode);
        WriteInt64(0);
        return Length;
    }

    public void EndRecord(int start) => PatchInt64(start - sizeof(long), Length - start);

    /// <summary>Starts what is preceded by its length in bytes as uint32.</summary>
    public int BeginArray()
    {
        WriteUInt32(0);
        return Length;
    }

    public void EndArray(int start) => BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(start - sizeof(uint)), (uint)(Length - start));

    public void PatchInt64(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(at), value);

    private void Grow(int count)
    {
        long needed = (long)Length + count;
        if (needed > Array.MaxLength)
        {
            throw new ArgumentException(
                $"A chunk of {needed} bytes does not fit a buffer of at most {Array.MaxLength}: record smaller messages.", nameof(count));
        }

        byte[] larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)needed), (uint)Array.MaxLength));
        Written.CopyTo(larger);
        _bytes = larger;
    }
}
