using System.Buffers.Binary;
using System.Collections.Immutable;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// Walks over the records of a file from its begin. What the summary names is passed over unread; what it does not name (all of it when
/// there is no summary: the recorder was killed, is still writing, or writes none) is read and checked on the way.
/// </summary>
internal sealed class McapScanner : IDisposable
{
    // Records outside of chunks are read in runs of about this size.
    private const int RunBytes = 1 << 20, WindowBytes = 1 << 16;

    private readonly ByteSource _source;
    private readonly McapReaderOptions _options;
    private readonly McapContents? _summary;
    private readonly McapContents _contents;
    private readonly McapClaims _claims;
    private readonly DamageLog _damages;
    private readonly SegmentLoader _loader;
    private readonly Dictionary<ushort, long> _messages = [];
    private readonly byte[] _window;
    private long _windowAt, _runAt = -1, _messageCount, _startNs = long.MaxValue, _endNs = long.MinValue;
    private int _windowLength, _chunks;
    private bool _readAll = true;

    /// <summary>Prepares a walk.</summary>
    /// <param name="source">The file.</param>
    /// <param name="channels">Where declarations go.</param>
    /// <param name="summary">What the summary claims, or null.</param>
    /// <param name="options">The budget.</param>
    /// <param name="damages">Told of damage.</param>
    public McapScanner(ByteSource source, ChannelTable channels, McapContents? summary, McapReaderOptions options, DamageLog damages)
    {
        (_source, _summary, _options, _damages) = (source, summary, options, damages);
        _contents = new McapContents(channels) { SummaryAt = summary?.SummaryAt };
        _claims = new McapClaims(summary);
        _window = new byte[Math.Min(WindowBytes, source.Length)];
        _loader = new SegmentLoader(
            source, channels, options, new McapReadOptions(),
            (segment, loaded) => Tell(segment.Offset, 0, loaded.Irregularity),
            (segment, error) => Tell(segment.Offset, segment.Length, error.Message));
    }

    public McapContents Scan(long position)
    {
        bool inData = true;
        while (true)
        {
            if (!TryReadHead(position, out byte opcode, out long length))
            {
                EndRun(position);
                if (PassOver(position) is { } next)
                {
                    position = next;
                    continue;
                }

                break;
            }

            bool loose = inData && opcode is McapFormat.Schema or McapFormat.Channel or McapFormat.Message;
            if (!loose || (_runAt >= 0 && position - _runAt >= RunBytes))
            {
                EndRun(position);
            }

            if (loose)
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

            if (opcode == McapFormat.DataEnd && inData)
            {
                inData = false;
                ReadDataEnd(position, length);
                if (_summary is not null)
                {
                    break;
                }
            }

            position += inData ? Take(opcode, position, record) : record;
        }

        foreach ((long at, string what) in _claims.Untaken(_chunks, _contents.Attachments.Count, _contents.Metadata.Count))
        {
            Tell(at, 0, $"The summary names a {what} where none begins.");
        }

        _contents.Statistics = _summary?.Statistics ?? (_readAll ? Counted() : null);
        return _contents;
    }

    public void Dispose() => _loader.Dispose();

    private McapStatistics Counted() => new(
        _messageCount, _contents.Channels.SchemaCount, _contents.Channels.ChannelCount, _contents.Attachments.Count, _contents.Metadata.Count, _chunks,
        _messageCount == 0 ? 0 : _startNs, _messageCount == 0 ? 0 : _endNs, _messages.ToImmutableDictionary());

    /// <summary>Where to go on behind bytes that are no record, as the summary says; null when there is nothing more.</summary>
    private long? PassOver(long position)
    {
        if (_summary?.SummaryAt is not { } end)
        {
            _contents.TruncatedAt = position;
            return null;
        }

        long next = Math.Min(_claims.NextBehind(position) ?? end, end);
        if (position < end)
        {
            Tell(position, next - position, "No record begins here.");
        }

        return next < end && next > position ? next : null;
    }

    /// <summary>Takes a record in and returns how far the next one is.</summary>
    private long Take(byte opcode, long position, long record)
    {
        switch (opcode)
        {
            case McapFormat.Chunk:
                _chunks++;
                if (_claims.TakeChunk(position, record) is { } claimed && !MayDeclareMore(claimed))
                {
                    Add(claimed);
                    _readAll = false;
                    return record + (LandsOnRecord(position + record + claimed.IndexLength) ? claimed.IndexLength : 0);
                }

                AddSegment(position, record, isChunk: true);
                break;
            case McapFormat.Attachment:
                TryTake(position, record, () => _contents.Attachments.Add(
                    _claims.TakeAttachment(position, record) ?? McapRecordAccess.ReadAttachmentInfo(_source, position, record)));
                break;
            case McapFormat.Metadata:
                TryTake(position, record, () => _contents.Metadata.Add(
                    _claims.TakeMetadata(position, record)
                        ?? (McapRecordAccess.ReadMetadata(_source, position, record, _options.MaxRecordBytes).Name, position, record)));
                break;
        }

        return record;
    }

    private bool LandsOnRecord(long position) => _claims.IsClaimed(position) || TryReadHead(position, out _, out _);

    private void TryTake(long position, long record, Action take)
    {
        try
        {
            take();
        }
        catch (MessageFormatException error)
        {
            Tell(position, record, error.Message);
        }
    }

    private void ReadDataEnd(long position, long length)
    {
        if (length >= sizeof(uint))
        {
            Span<byte> crc = stackalloc byte[sizeof(uint)];
            _source.Read(position + McapFormat.RecordHead, crc);
            _contents.DataEnd = BinaryPrimitives.ReadUInt32LittleEndian(crc) is not 0 and var value ? (position, value) : null;
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
        if (_loader.TryLoad(segment) is not { } loaded)
        {
            Add(WithClaimedTimes(segment));
            return;
        }

        if (!loaded.Messages.IsEmpty)
        {
            long start = long.MaxValue, end = long.MinValue;
            var channels = new HashSet<ushort>();
            foreach (MessageEntry message in loaded.Messages)
            {
                (start, end) = (Math.Min(start, message.LogTimeNs), Math.Max(end, message.LogTimeNs));
                channels.Add(message.Channel.Id);
                _messages[message.Channel.Id] = _messages.GetValueOrDefault(message.Channel.Id) + 1;
            }

            _messageCount += loaded.Messages.Length;
            (_startNs, _endNs) = (Math.Min(_startNs, start), Math.Max(_endNs, end));
            Add(segment with { StartNs = start, EndNs = end, Channels = [.. channels] });
        }

        _loader.Free(loaded);
    }

    private void Add(Segment segment)
    {
        // What an entry takes, in round numbers.
        const int EntryBytes = 128;
        if (_contents.Segments.Count > _options.MemoryBudgetBytes / EntryBytes)
        {
            throw new MessageFormatException(
                $"The recording has more than {_contents.Segments.Count} chunks; "
                    + $"the budget ({nameof(McapReaderOptions.MemoryBudgetBytes)} = {_options.MemoryBudgetBytes}) holds no more.");
        }

        _contents.Segments.Add(segment);
    }

    /// <summary>Whether a chunk is read for the schemas and channels that the summary does not repeat.</summary>
    private bool MayDeclareMore(Segment segment)
    {
        ChannelTable known = _contents.Channels;
        return segment.Channels is { } channels
            ? channels.Any(id => known.Find(id) is null)
            : _summary?.Statistics is not { } counted || known.ChannelCount < counted.ChannelCount || known.SchemaCount < counted.SchemaCount;
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
        _source.Read(segment.Offset + McapFormat.RecordHead, times);
        long start = BinaryPrimitives.ReadInt64LittleEndian(times), end = BinaryPrimitives.ReadInt64LittleEndian(times[sizeof(long)..]);
        return start >= 0 && end >= start ? segment with { StartNs = start, EndNs = end } : segment with { EndNs = long.MaxValue };
    }

    private void Tell(long offset, long length, string? reason)
    {
        if (reason is not null)
        {
            _damages.Add(offset, length, reason);
        }
    }

    /// <summary>False where no whole record begins. Zeros are what a file system leaves after a power cut.</summary>
    private bool TryReadHead(long position, out byte opcode, out long length)
    {
        (opcode, length) = (0, 0);
        if (position < 0 || _source.Length - position < McapFormat.RecordHead)
        {
            return false;
        }

        ReadOnlySpan<byte> head = HeadAt(position);
        opcode = head[0];
        length = BinaryPrimitives.ReadInt64LittleEndian(head[1..]);
        return opcode != 0 && length >= 0 && length <= _source.Length - position - McapFormat.RecordHead;
    }

    private ReadOnlySpan<byte> HeadAt(long position)
    {
        if (position < _windowAt || position + McapFormat.RecordHead > _windowAt + _windowLength)
        {
            // Where the summary leads from chunk to chunk, a few bytes of each are enough.
            _windowAt = position;
            _windowLength = (int)Math.Min(_claims.IsClaimed(position) ? McapFormat.RecordHead : WindowBytes, _source.Length - position);
            _source.Read(position, _window.AsSpan(0, _windowLength));
        }

        return _window.AsSpan((int)(position - _windowAt), McapFormat.RecordHead);
    }

    private bool EndsWithMagic(long position)
    {
        if (_source.Length - position < McapFormat.Magic.Length)
        {
            return false;
        }

        Span<byte> magic = stackalloc byte[McapFormat.Magic.Length];
        _source.Read(position, magic);
        return magic.SequenceEqual(McapFormat.Magic);
    }
}
