using System.Buffers.Binary;
using System.Collections.Immutable;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// Reads through a file without an index from its begin, as far as it goes: the recorder was killed, is still writing, or writes no index.
/// Every chunk is checked on the way.
/// </summary>
internal sealed class McapScanner(ByteSource source, int maxRecordBytes) : IDisposable
{
    // Records outside of chunks are read in runs of about this size.
    private const int RunBytes = 1 << 20, WindowBytes = 1 << 16;

    private readonly McapContents _contents = new();
    private readonly LoadedSegment _loaded = new();
    private readonly Dictionary<ushort, long> _messages = [];
    private readonly byte[] _window = new byte[Math.Min(WindowBytes, source.Length)];
    private SegmentReader? _segments;
    private long _windowAt, _runAt = -1, _messageCount, _startNs = long.MaxValue, _endNs = long.MinValue;
    private int _windowLength, _chunks;

    public McapContents Scan(long position)
    {
        _segments = new SegmentReader(source, _contents.Channels, maxRecordBytes);
        bool inData = true;
        while (true)
        {
            if (!TryReadHead(position, out byte opcode, out long length))
            {
                EndRun(position);
                _contents.TruncatedAt = position;
                break;
            }

            bool loose = inData && opcode is McapFormat.Schema or McapFormat.Channel or McapFormat.Message;
            if (!loose || (_runAt >= 0 && position - _runAt >= RunBytes))
            {
                EndRun(position);
            }

            if (loose && inData)
            {
                _runAt = _runAt < 0 ? position : _runAt;
            }

            long record = McapFormat.RecordHead + length;
            if (opcode == McapFormat.Footer)
            {
                // A file that was closed ends behind the closing magic.
                _contents.TruncatedAt = EndsWithMagic(position + record) ? null : position + record;
                break;
            }

            inData &= opcode != McapFormat.DataEnd;
            if (inData)
            {
                Take(opcode, position, record);
            }

            position += record;
        }

        _contents.Statistics = new McapStatistics(
            _messageCount, _contents.Channels.Schemas.Count, _contents.Channels.Channels.Count, _contents.Attachments.Count, _contents.Metadata.Count, _chunks,
            _messageCount == 0 ? 0 : _startNs, _messageCount == 0 ? 0 : _endNs, _messages.ToImmutableDictionary());
        return _contents;
    }

    public void Dispose() => _segments?.Dispose();

    private void Take(byte opcode, long position, long record)
    {
        switch (opcode)
        {
            case McapFormat.Chunk:
                _chunks++;
                AddSegment(position, record, isChunk: true);
                break;
            case McapFormat.Attachment:
                TryTake(position, record, () => _contents.Attachments.Add(McapRecordAccess.ReadAttachmentInfo(source, position, record, maxRecordBytes)));
                break;
            case McapFormat.Metadata:
                TryTake(position, record, () => _contents.Metadata.Add((McapRecordAccess.ReadMetadata(source, position, record, maxRecordBytes).Name, position, record)));
                break;
        }
    }

    private void TryTake(long position, long record, Action take)
    {
        try
        {
            take();
        }
        catch (MessageFormatException error)
        {
            _contents.Damages.Add(new McapDamage(position, record, error.Message));
        }
    }

    private void EndRun(long position)
    {
        if (_runAt >= 0)
        {
            AddSegment(_runAt, position - _runAt, isChunk: false);
            _runAt = -1;
        }
    }

    private void AddSegment(long offset, long length, bool isChunk)
    {
        var segment = new Segment(offset, length, isChunk, 0, 0, null);
        try
        {
            _segments!.Load(segment, _loaded, new McapReadOptions());
        }
        catch (MessageFormatException error)
        {
            _contents.Damages.Add(new McapDamage(offset, length, error.Message));
            _contents.Segments.Add(WithClaimedTimes(segment));
            return;
        }

        if (_loaded.Messages.IsEmpty)
        {
            return;
        }

        long start = long.MaxValue, end = long.MinValue;
        var channels = new HashSet<ushort>();
        foreach (MessageEntry message in _loaded.Messages)
        {
            (start, end) = (Math.Min(start, message.LogTimeNs), Math.Max(end, message.LogTimeNs));
            channels.Add(message.Channel.Id);
            _messages[message.Channel.Id] = _messages.GetValueOrDefault(message.Channel.Id) + 1;
        }

        _messageCount += _loaded.Messages.Length;
        (_startNs, _endNs) = (Math.Min(_startNs, start), Math.Max(_endNs, end));
        _contents.Segments.Add(segment with { StartNs = start, EndNs = end, Channels = [.. channels] });
    }

    /// <summary>A damaged chunk takes the place in time that its head claims, so that reading meets it there.</summary>
    private Segment WithClaimedTimes(Segment segment)
    {
        const int Times = 2 * sizeof(long);
        if (!segment.IsChunk || segment.Length < McapFormat.RecordHead + Times)
        {
            return segment with { EndNs = long.MaxValue };
        }

        Span<byte> times = stackalloc byte[Times];
        source.Read(segment.Offset + McapFormat.RecordHead, times);
        long start = BinaryPrimitives.ReadInt64LittleEndian(times), end = BinaryPrimitives.ReadInt64LittleEndian(times[sizeof(long)..]);
        return start >= 0 && end >= start ? segment with { StartNs = start, EndNs = end } : segment with { EndNs = long.MaxValue };
    }

    /// <summary>False where no whole record begins. Zeros are what a file system leaves after a power cut.</summary>
    private bool TryReadHead(long position, out byte opcode, out long length)
    {
        (opcode, length) = (0, 0);
        if (source.Length - position < McapFormat.RecordHead)
        {
            return false;
        }

        if (position < _windowAt || position + McapFormat.RecordHead > _windowAt + _windowLength)
        {
            _windowAt = position;
            _windowLength = (int)Math.Min(WindowBytes, source.Length - position);
            source.Read(position, _window.AsSpan(0, _windowLength));
        }

        ReadOnlySpan<byte> head = _window.AsSpan((int)(position - _windowAt), McapFormat.RecordHead);
        opcode = head[0];
        length = BinaryPrimitives.ReadInt64LittleEndian(head[1..]);
        return opcode != 0 && length >= 0 && length <= source.Length - position - McapFormat.RecordHead;
    }

    private bool EndsWithMagic(long position)
    {
        if (source.Length - position < McapFormat.Magic.Length)
        {
            return false;
        }

        Span<byte> magic = stackalloc byte[McapFormat.Magic.Length];
        source.Read(position, magic);
        return magic.SequenceEqual(McapFormat.Magic);
    }
}
