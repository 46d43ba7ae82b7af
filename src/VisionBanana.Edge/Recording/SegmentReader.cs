using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;

namespace VisionBanana.Edge.Recording;

/// <summary>Reads segments from the file, checks and decompresses them and finds their messages. For one thread.</summary>
internal sealed class SegmentReader(ByteSource source, ChannelTable channels, int maxRecordBytes, ReadBudget budget) : IDisposable
{
    // Start, end, size, CRC and the name of the compression before the records of a chunk.
    private const int ChunkHead = (3 * sizeof(long)) + sizeof(uint) + sizeof(uint) + sizeof(long), LongestName = 16;

    private readonly ChunkCodec _codec = new();
    private byte[] _stored = [];

    /// <summary>
    /// Loads a segment whole: its bytes are sound, or it is damaged. Single records in it that make no sense are left out and told in
    /// <see cref="LoadedSegment.Irregularity"/>.
    /// </summary>
    /// <exception cref="MessageFormatException">It is damaged, or does not fit the budget.</exception>
    public void Load(Segment segment, LoadedSegment target, McapReadOptions options)
    {
        target.Begin();
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
        Span<byte> begin = stackalloc byte[McapFormat.RecordHead + ChunkHead + LongestName];
        begin = begin[..Math.Min(begin.Length, length)];
        source.Read(segment.Offset, begin);
        if (length < McapFormat.RecordHead || begin[0] != McapFormat.Chunk
            || BinaryPrimitives.ReadUInt64LittleEndian(begin[1..]) != (ulong)(length - McapFormat.RecordHead))
        {
            throw new MessageFormatException($"Expected a chunk of {length} bytes at byte {segment.Offset}, found a record of type {begin[0]:X2}.");
        }

        var reader = new RecordReader(begin[McapFormat.RecordHead..], "chunk");
        reader.Skip(2 * sizeof(long));
        int size = Size(reader.ReadInt64(), "chunk");
        uint crc = reader.ReadUInt32();
        McapCompression compression = McapFormat.CompressionOf(reader.ReadString());
        long stored = reader.ReadInt64();
        int recordsAt = McapFormat.RecordHead + reader.Position;
        if (stored > length - recordsAt)
        {
            throw new MessageFormatException($"The chunk claims {stored} stored bytes; its record has {length - recordsAt}.");
        }

        if (!ChunkCodec.CanHold(compression, stored, size))
        {
            throw new MessageFormatException($"The chunk claims {size} bytes, which {stored} stored bytes cannot hold.");
        }

        Span<byte> records = target.Take(size);
        if (compression == McapCompression.None)
        {
            source.Read(segment.Offset + recordsAt, records);
        }
        else
        {
            Span<byte> bytes = Stored((int)stored);
            source.Read(segment.Offset + recordsAt, bytes);
            _codec.Decompress(compression, bytes, records);
        }

        if (crc != 0 && Crc32.HashToUInt32(records) is uint found && found != crc)
        {
            throw new MessageFormatException($"The chunk is damaged: expected the CRC {crc:X8}, found {found:X8}.");
        }

        target.IsChecked = crc != 0;
    }

    private Span<byte> Stored(int length)
    {
        if (_stored.Length < length)
        {
            budget.Return(_stored);
            _stored = [];
            _stored = budget.Rent(length);
        }

        return _stored.AsSpan(0, length);
    }

    private void FindMessages(LoadedSegment target, McapReadOptions options)
    {
        target.Expect(CountMessages(target.Records));
        ReadOnlySpan<byte> records = target.Records;
        var reader = new RecordReader(records, "chunk");
        HashSet<ushort>? foreign = null;
        var leftOut = default(LeftOut);
        while (reader.Remaining > 0)
        {
            byte opcode = reader.ReadUInt8();
            long length = reader.ReadInt64();
            int start = reader.Position;
            reader.Skip(length);
            ReadOnlySpan<byte> content = records[start..reader.Position];
            if (opcode == McapFormat.Message)
            {
                AddMessage(content, start, target, options, foreign, ref leftOut);
            }
            else if (opcode is McapFormat.Schema or McapFormat.Channel)
            {
                Declare(opcode, content, ref foreign, ref leftOut);
            }
        }

        target.Irregularity = leftOut.ToString();
    }

    private void Declare(byte opcode, ReadOnlySpan<byte> content, ref HashSet<ushort>? foreign, ref LeftOut leftOut)
    {
        try
        {
            if (opcode == McapFormat.Schema)
            {
                channels.ReadSchema(content);
            }
            else if (!channels.ReadChannel(content))
            {
                ushort id = BinaryPrimitives.ReadUInt16LittleEndian(content);
                (foreign ??= []).Add(id);
                leftOut.Add(id, static id => $"Channel {id} is declared twice, for different topics or types; the first holds.");
            }
        }
        catch (MessageFormatException error)
        {
            leftOut.AddDeclaration(error);
        }
    }

    /// <summary>Counts the messages, and sees on the way that records follow each other up to the end.</summary>
    private static int CountMessages(ReadOnlySpan<byte> records)
    {
        var reader = new RecordReader(records, "chunk");
        int count = 0;
        while (reader.Remaining > 0)
        {
            byte opcode = reader.ReadUInt8();
            if (opcode == 0)
            {
                throw new MessageFormatException($"Byte {reader.Position - 1} of the chunk is no record.");
            }

            reader.Skip(reader.ReadInt64());
            count += opcode == McapFormat.Message ? 1 : 0;
        }

        return count;
    }

    private void AddMessage(
        ReadOnlySpan<byte> content, int start, LoadedSegment target, McapReadOptions options, HashSet<ushort>? foreign, ref LeftOut leftOut)
    {
        if (content.Length < McapFormat.MessageHead)
        {
            leftOut.Add(content.Length, static length => $"A message record of {length} bytes is shorter than its head.");
            return;
        }

        var reader = new RecordReader(content, "message");
        ushort id = reader.ReadUInt16();
        uint sequence = reader.ReadUInt32();
        long logTime = reader.ReadTime(), publishTime = reader.ReadTime();
        if (channels.Find(id) is not { } channel || foreign?.Contains(id) == true)
        {
            leftOut.Add(id, static id => $"A message belongs to channel {id}, which was not declared before it.");
        }
        else if (logTime == long.MaxValue)
        {
            leftOut.Add(id, static id => $"A message of channel {id} has a log time that is none.");
        }
        else if (logTime >= options.StartNs && logTime < options.EndNs && (options.Channels is null || options.Channels(channel)))
        {
            // A publish time that is none does not make a message worse: it was recorded then.
            publishTime = publishTime == long.MaxValue ? logTime : publishTime;
            target.Add(new MessageEntry(channel, sequence, logTime, publishTime, start + McapFormat.MessageHead, content.Length - McapFormat.MessageHead));
        }
    }

    private int Size(long length, string what) =>
        length <= maxRecordBytes
            ? (int)length
            : throw new MessageFormatException($"A {what} of {length} bytes was refused; {nameof(McapReaderOptions.MaxRecordBytes)} allows {maxRecordBytes}.");

    /// <summary>Counts what was left out; text is made for the first alone.</summary>
    private struct LeftOut
    {
        private const int MaxDeclarations = 1000;

        private int _count, _declarations;
        private string? _reason;

        public void Add(int of, Func<int, string> reason)
        {
            _count++;
            _reason ??= reason(of);
        }

        /// <summary>Counts a schema or channel that makes no sense; a chunk of nothing else is damaged.</summary>
        public void AddDeclaration(MessageFormatException error)
        {
            _count++;
            _reason ??= error.Message;
            if (++_declarations > MaxDeclarations)
            {
                throw error;
            }
        }

        public override readonly string? ToString() =>
            _count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{_count} records left out, the first: {_reason}");
    }
}
