using System.Collections.Immutable;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// Reads MCAP files of any writer. With an index at its end a file opens at once; without one (the recorder was killed, or is still
/// writing) it is read through, and everything up to the last whole chunk is there. CRCs of chunks, summary and attachments are checked.
/// Whatever the bytes are, the only error is <see cref="MessageFormatException"/>. Several readings may run at once.
/// </summary>
public sealed class McapReader : IDisposable
{
    private readonly ByteSource _source;
    private readonly McapReaderOptions _options;
    private readonly McapContents _contents;
    private readonly Lock _gate = new();

    private McapReader(ByteSource source, McapReaderOptions options)
    {
        _source = source;
        _options = options;
        long dataAt = ReadBegin(source);
        _contents = ReadContents(dataAt);
        try
        {
            (Profile, Library) = ReadHeader(source, dataAt, options.MaxRecordBytes);
        }
        catch (MessageFormatException error)
        {
            // The messages do not depend on it.
            (Profile, Library) = ("", "");
            _contents.Damages.Add(new McapDamage(McapFormat.Magic.Length, dataAt - McapFormat.Magic.Length, error.Message));
        }
    }

    /// <summary>What the file promises about its channels, e.g. <c>ros2</c>.</summary>
    public string Profile { get; }

    /// <summary>The program that wrote it.</summary>
    public string Library { get; }

    /// <summary>The message types, by id.</summary>
    public IReadOnlyList<McapSchema> Schemas => _contents.Channels.Schemas;

    /// <summary>The topics, by id.</summary>
    public IReadOnlyList<McapChannel> Channels => _contents.Channels.Channels;

    /// <summary>The attached files.</summary>
    public IReadOnlyList<McapAttachmentInfo> Attachments => _contents.Attachments;

    /// <summary>What the file holds; null when its writer did not count. A file without an index was counted while it was read through.</summary>
    public McapStatistics? Statistics => _contents.Statistics;

    /// <summary>Whether the file is whole, and what was lost. Damaged chunks of an indexed file are found when they are read.</summary>
    public McapRecovery Recovery
    {
        get
        {
            lock (_gate)
            {
                McapStatistics? statistics = _contents.Statistics;
                return new McapRecovery
                {
                    TruncatedAt = _contents.TruncatedAt,
                    LostBytes = (_contents.TruncatedAt is { } at ? _source.Length - at : 0) + _contents.Damages.Sum(damage => damage.Length),
                    MessageCount = statistics?.MessageCount ?? -1,
                    LastMessageNs = statistics is { MessageCount: > 0 } ? statistics.EndNs : null,
                    Damages = [.. _contents.Damages],
                };
            }
        }
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="RecordingException">It does not exist or may not be read.</exception>
    /// <exception cref="MessageFormatException">It is not an MCAP file.</exception>
    public static McapReader Open(string path, McapReaderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            // A recording may be read while it is written.
            return Open(new FileBytes(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)), options);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new RecordingException($"The recording '{path}' cannot be opened: {error.Message}", error);
        }
        catch (MessageFormatException error)
        {
            throw new MessageFormatException($"'{path}': {error.Message}", error);
        }
    }

    /// <summary>Opens a recording in memory.</summary>
    /// <exception cref="MessageFormatException">It is not an MCAP file.</exception>
    public static McapReader Open(ReadOnlyMemory<byte> bytes, McapReaderOptions? options = null) => Open(new MemoryBytes(bytes), options);

    /// <summary>
    /// Reads messages by log time; those of one time in the order of the file. The payload of a message is valid until the next one is read.
    /// </summary>
    /// <exception cref="MessageFormatException">A chunk is damaged and <see cref="McapReaderOptions.SkipDamagedChunks"/> is off; thrown while enumerating.</exception>
    public IEnumerable<McapMessage> ReadMessages(McapReadOptions? options = null)
    {
        options ??= new McapReadOptions();
        return options.InFileOrder ? ReadInFileOrder(options) : ReadByTime(options);
    }

    /// <summary>Reads an attached file.</summary>
    /// <exception cref="MessageFormatException">It is damaged.</exception>
    public McapAttachment ReadAttachment(McapAttachmentInfo attachment)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        return McapRecordAccess.ReadAttachment(_source, attachment.Offset, attachment.Length, _options.MaxRecordBytes);
    }

    /// <summary>Reads all key-value pairs.</summary>
    /// <exception cref="MessageFormatException">A record is damaged.</exception>
    public ImmutableArray<McapMetadata> ReadMetadata() =>
        [.. _contents.Metadata.Select(place => McapRecordAccess.ReadMetadata(_source, place.Offset, place.Length, _options.MaxRecordBytes))];

    /// <summary>Closes the file.</summary>
    public void Dispose() => _source.Dispose();

    private static McapReader Open(ByteSource source, McapReaderOptions? options)
    {
        try
        {
            return new McapReader(source, options ?? new McapReaderOptions());
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Checks the magic and returns where the records behind the header begin; behind the magic when the header is cut off.</summary>
    private static long ReadBegin(ByteSource source)
    {
        int magicLength = McapFormat.Magic.Length;
        Span<byte> begin = stackalloc byte[magicLength + McapFormat.RecordHead];
        begin = begin[..(int)Math.Min(begin.Length, source.Length)];
        source.Read(0, begin);
        if (!begin.StartsWith(McapFormat.Magic))
        {
            throw new MessageFormatException($"Expected an MCAP file (89 4D 43 41 50 30 0D 0A), found {(begin.IsEmpty ? "nothing" : Convert.ToHexString(begin[..Math.Min(magicLength, begin.Length)]))}.");
        }

        if (begin.Length < magicLength + McapFormat.RecordHead)
        {
            return magicLength;
        }

        var head = new RecordReader(begin[magicLength..], "header");
        byte opcode = head.ReadUInt8();
        if (opcode != McapFormat.Header)
        {
            throw new MessageFormatException($"Expected the header of an MCAP file behind the magic, found a record of type {opcode:X2}.");
        }

        long length = head.ReadInt64(), dataAt = magicLength + McapFormat.RecordHead;
        return length > source.Length - dataAt ? magicLength : dataAt + length;
    }

    private static (string Profile, string Library) ReadHeader(ByteSource source, long dataAt, int maxRecordBytes)
    {
        int at = McapFormat.Magic.Length;
        if (dataAt == at)
        {
            return ("", "");
        }

        var header = new RecordReader(McapRecordAccess.Read(source, at, dataAt - at, McapFormat.Header, "header", maxRecordBytes), "header");
        return (header.ReadString(), header.ReadString());
    }

    private McapContents ReadContents(long dataAt)
    {
        McapDamage? damage = null;
        try
        {
            if (McapSummaryReader.TryRead(_source, _options.MaxRecordBytes) is { } contents)
            {
                return contents;
            }
        }
        catch (MessageFormatException error)
        {
            // The messages do not depend on the summary.
            damage = new McapDamage(_source.Length, 0, error.Message);
        }

        using var scanner = new McapScanner(_source, _options.MaxRecordBytes);
        McapContents scanned = scanner.Scan(dataAt);
        if (damage is not null)
        {
            scanned.Damages.Add(damage);
        }

        return scanned;
    }

    private IEnumerable<McapMessage> ReadInFileOrder(McapReadOptions options)
    {
        using var reader = new SegmentReader(_source, _contents.Channels, _options.MaxRecordBytes);
        var loaded = new LoadedSegment();
        foreach (Segment segment in Wanted(options).OrderBy(segment => segment.Offset))
        {
            if (TryLoad(reader, segment, loaded, options))
            {
                while (loaded.HasNext)
                {
                    yield return loaded.Next();
                }
            }
        }
    }

    private IEnumerable<McapMessage> ReadByTime(McapReadOptions options)
    {
        using var reader = new SegmentReader(_source, _contents.Channels, _options.MaxRecordBytes);
        Segment[] segments = [.. Wanted(options).OrderBy(segment => segment.StartNs).ThenBy(segment => segment.Offset)];
        var open = new PriorityQueue<LoadedSegment, (long TimeNs, long Offset)>();
        var free = new Stack<LoadedSegment>();
        int next = 0;
        while (true)
        {
            // A segment is loaded when its time has come, so that only those that overlap are in memory together.
            while (next < segments.Length && (!open.TryPeek(out _, out (long TimeNs, long Offset) first) || segments[next].StartNs <= first.TimeNs))
            {
                LoadedSegment loaded = free.TryPop(out LoadedSegment? used) ? used : new LoadedSegment();
                if (TryLoad(reader, segments[next++], loaded, options) && loaded.HasNext)
                {
                    loaded.SortByTime();
                    open.Enqueue(loaded, (loaded.NextTimeNs, loaded.Offset));
                }
                else
                {
                    free.Push(loaded);
                }
            }

            if (!open.TryDequeue(out LoadedSegment? current, out _))
            {
                yield break;
            }

            yield return current.Next();
            if (current.HasNext)
            {
                open.Enqueue(current, (current.NextTimeNs, current.Offset));
            }
            else
            {
                free.Push(current);
            }
        }
    }

    private IEnumerable<Segment> Wanted(McapReadOptions options)
    {
        HashSet<ushort>? channels = options.Channels is { } wanted ? [.. Channels.Where(wanted).Select(channel => channel.Id)] : null;
        HashSet<ushort> known = [.. Channels.Select(channel => channel.Id)];
        return _contents.Segments.Where(segment =>
            segment.EndNs >= options.StartNs && segment.StartNs < options.EndNs
            && (channels is null || segment.Channels is null || segment.Channels.Any(id => channels.Contains(id) || !known.Contains(id))));
    }

    private bool TryLoad(SegmentReader reader, Segment segment, LoadedSegment loaded, McapReadOptions options)
    {
        try
        {
            reader.Load(segment, loaded, options);
            return true;
        }
        catch (MessageFormatException error)
        {
            lock (_gate)
            {
                if (!_contents.Damages.Any(damage => damage.Offset == segment.Offset))
                {
                    _contents.Damages.Add(new McapDamage(segment.Offset, segment.Length, error.Message));
                }
            }

            return _options.SkipDamagedChunks
                ? false
                : throw new MessageFormatException($"The recording is damaged at byte {segment.Offset}: {error.Message}", error);
        }
    }
}
