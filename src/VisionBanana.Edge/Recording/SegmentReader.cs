using System.Buffers.Binary;
using System.IO.Hashing;

namespace VisionBanana.Edge.Recording;

/// <summary>Reads segments from the file, checks and decompresses them and finds their messages. For one thread.</summary>
internal sealed class SegmentReader(ByteSource source, ChannelTable channels, int maxRecordBytes) : IDisposable
{
    private readonly ChunkCodec _codec = new();
    private byte[] _stored = [];

    /// <summary>
    /// Loads a segment whole: either every record in it is sound, or it is damaged.
    /// </summary>
    /// <exception cref="MessageFormatException">It is damaged.</exception>
    public void Load(Segment segment, LoadedSegment target, McapReadOptions options)
    {
        target.Begin(segment);
        if (segment.IsChunk)
        {
            LoadChunk(segment, target);
        }
        else
        {
            source.Read(segment.Offset, target.Take(Size(segment.Length, "run of records")));
        }

        FindMessages(target, options);
    }

    public void Dispose() => _codec.Dispose();

    private void LoadChunk(Segment segment, LoadedSegment target)
    {
        int length = Size(segment.Length, "chunk");
        if (length < McapFormat.RecordHead)
        {
            throw new MessageFormatException($"The index points to a chunk of {length} bytes at byte {segment.Offset}: no record is so short.");
        }

        if (_stored.Length < length)
        {
            _stored = GC.AllocateUninitializedArray<byte>(length);
        }

        Span<byte> bytes = _stored.AsSpan(0, length);
        source.Read(segment.Offset, bytes);
        if (bytes[0] != McapFormat.Chunk || BinaryPrimitives.ReadUInt64LittleEndian(bytes[1..]) != (ulong)(length - McapFormat.RecordHead))
        {
            throw new MessageFormatException($"Expected a chunk of {length} bytes at byte {segment.Offset}, found a record of type {bytes[0]:X2}.");
        }

        var reader = new RecordReader(bytes[McapFormat.RecordHead..], "chunk");
        reader.Skip(2 * sizeof(long));
        int size = Size(reader.ReadInt64(), "chunk");
        uint crc = reader.ReadUInt32();
        McapCompression compression = McapFormat.CompressionOf(reader.ReadString());
        ReadOnlySpan<byte> stored = reader.ReadLongSized();
        if (!ChunkCodec.CanHold(compression, stored.Length, size))
        {
            throw new MessageFormatException($"The chunk claims {size} bytes, which {stored.Length} stored bytes cannot hold.");
        }

        Span<byte> records = target.Take(size);
        _codec.Decompress(compression, stored, records);
        if (crc != 0 && Crc32.HashToUInt32(records) is uint found && found != crc)
        {
            throw new MessageFormatException($"The chunk is damaged: expected the CRC {crc:X8}, found {found:X8}.");
        }
    }

    private void FindMessages(LoadedSegment target, McapReadOptions options)
    {
        ReadOnlySpan<byte> records = target.Records;
        var reader = new RecordReader(records, "chunk");
        while (reader.Remaining > 0)
        {
            byte opcode = reader.ReadUInt8();
            long length = reader.ReadInt64();
            int start = reader.Position;
            reader.Skip(length);
            ReadOnlySpan<byte> content = records[start..reader.Position];
            switch (opcode)
            {
                case McapFormat.Schema:
                    channels.ReadSchema(content);
                    break;
                case McapFormat.Channel:
                    channels.ReadChannel(content);
                    break;
                case McapFormat.Message:
                    AddMessage(content, start, target, options);
                    break;
                case 0:
                    throw new MessageFormatException($"Byte {start - McapFormat.RecordHead} of the chunk is no record.");
            }
        }
    }

    private void AddMessage(ReadOnlySpan<byte> content, int start, LoadedSegment target, McapReadOptions options)
    {
        var reader = new RecordReader(content, "message");
        McapChannel channel = channels.Find(reader.ReadUInt16());
        uint sequence = reader.ReadUInt32();
        long logTime = reader.ReadInt64(), publishTime = reader.ReadInt64();
        if (logTime >= options.StartNs && logTime < options.EndNs && (options.Channels is null || options.Channels(channel)))
        {
            target.Add(new MessageEntry(channel, sequence, logTime, publishTime, start + McapFormat.MessageHead, content.Length - McapFormat.MessageHead));
        }
    }

    private int Size(long length, string what) =>
        length <= maxRecordBytes
            ? (int)length
            : throw new MessageFormatException($"A {what} of {length} bytes was refused; {nameof(McapReaderOptions.MaxRecordBytes)} allows {maxRecordBytes}.");
}
