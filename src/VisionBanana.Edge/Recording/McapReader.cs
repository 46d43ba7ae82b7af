using System.Collections.Immutable;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// Reads MCAP files of any writer. With an index at its end a file opens at once; what the index does not name is found as well, and
/// without one (the recorder was killed, or is still writing) the file is read through, and everything up to the last whole chunk is
/// there. CRCs of chunks, data section, summary and attachments are checked. Whatever the bytes are, the only error is
/// <see cref="MessageFormatException"/>, and a reading holds no more memory than <see cref="McapReaderOptions.MemoryBudgetBytes"/>.
/// Several readings may run at once.
/// </summary>
public sealed class McapReader : RecordingReader
{
    // Schemas and channels take at most a quarter of the budget.
    private const int TableShare = 4;

    private readonly ByteSource _source;
    private readonly McapReaderOptions _options;
    private readonly McapContents _contents;
    private readonly DataSectionCheck _data;
    private readonly DamageLog _damages = new();


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
            _damages.Add(McapFormat.Magic.Length, dataAt - McapFormat.Magic.Length, error.Message);
        }

        _data = new DataSectionCheck(source, dataAt, _contents.DataEnd);
        if (source.Length <= options.CheckDataUpToBytes)
        {
            CheckData();
        }
    }

    /// <summary>What the file promises about its channels, e.g. <c>ros2</c>.</summary>
    public string Profile { get; }

    /// <summary>The program that wrote it.</summary>
    public string Library { get; }

    /// <summary>The message types, by id.</summary>
    public IReadOnlyList<McapSchema> Schemas => _contents.Channels.Schemas;

    /// <summary>The topics, by id.</summary>
    public override IReadOnlyList<McapChannel> Channels => _contents.Channels.Channels;

    /// <summary>The attached files.</summary>
    public IReadOnlyList<McapAttachmentInfo> Attachments => _contents.Attachments;

    /// <summary>What the file holds; null when its writer did not count. A file without an index was counted while it was read through.</summary>
    public override McapStatistics? Statistics => _contents.Statistics;

    /// <summary>Whether the file is whole, and what was lost. Damaged chunks of an indexed file are found when they are read.</summary>
    public override McapRecovery Recovery
    {
        get
        {
            McapStatistics? statistics = _contents.Statistics;
            (McapDamage[] damages, long lostBytes) = _damages.Snapshot();
            return new McapRecovery
            {
                TruncatedAt = _contents.TruncatedAt,
                LostBytes = (_contents.TruncatedAt is { } at ? _source.Length - at : 0) + lostBytes,
                MessageCount = statistics?.MessageCount ?? -1,
                LastMessageNs = statistics is { MessageCount: > 0 } ? statistics.EndNs : null,
                Damages = [.. damages],
            };
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

    /// <inheritdoc/>
    public override IEnumerable<McapMessage> ReadMessages(McapReadOptions? options = null)
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

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _source.Dispose();

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
            string found = begin.IsEmpty ? "nothing" : Convert.ToHexString(begin[..Math.Min(magicLength, begin.Length)]);
            throw new MessageFormatException($"Expected an MCAP file (89 4D 43 41 50 30 0D 0A), found {found}.");
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
        McapContents? summary = null;
        var channels = new ChannelTable(_options.MemoryBudgetBytes / TableShare);
        try
        {
            summary = McapSummaryReader.TryRead(_source, channels, _options.MaxRecordBytes, (at, reason) => _damages.Add(at, 0, reason));
        }
        catch (MessageFormatException error)
        {
            // The messages do not depend on the summary.
            _damages.Add(_source.Length, 0, error.Message);
            channels = new ChannelTable(_options.MemoryBudgetBytes / TableShare);
        }

        using var scanner = new McapScanner(_source, channels, summary, _options, _damages);
        return scanner.Scan(dataAt);
    }

    private IEnumerable<McapMessage> ReadInFileOrder(McapReadOptions options)
    {
        using SegmentLoader loader = CreateLoader(options);
        foreach (Segment segment in Wanted(options).OrderBy(segment => segment.Offset))
        {
            if (loader.TryLoad(segment) is { } loaded)
            {
                for (int i = 0; i < loaded.Messages.Length; i++)
                {
                    yield return loaded.MessageAt(i);
                }

                loader.Free(loaded);
            }
        }
    }

    private IEnumerable<McapMessage> ReadByTime(McapReadOptions options)
    {
        using SegmentLoader loader = CreateLoader(options);
        foreach (McapMessage message in new TimeOrder(loader, Wanted(options), _options.MemoryBudgetBytes).Read())
        {
            yield return message;
        }
    }

    private SegmentLoader CreateLoader(McapReadOptions options) => new(_source, _contents.Channels, _options, options, Loaded, Damaged);

    private IEnumerable<Segment> Wanted(McapReadOptions options)
    {
        HashSet<ushort>? channels = options.Channels is { } wanted ? [.. Channels.Where(wanted).Select(channel => channel.Id)] : null;
        HashSet<ushort> known = [.. Channels.Select(channel => channel.Id)];
        return _contents.Segments.Where(segment =>
            segment.EndNs >= options.StartNs && segment.StartNs < options.EndNs
            && (channels is null || segment.Channels is null || segment.Channels.Any(id => channels.Contains(id) || !known.Contains(id))));
    }

    private void Loaded(Segment segment, LoadedSegment loaded)
    {
        if (loaded.Irregularity is { } irregularity)
        {
            _damages.Add(segment.Offset, 0, irregularity);
        }

        if (!loaded.IsChecked && CheckData() is { } problem && !_options.SkipDamagedChunks)
        {
            throw new MessageFormatException($"The records at byte {segment.Offset} have no check value of their own. {problem}");
        }
    }

    private void Damaged(Segment segment, MessageFormatException error)
    {
        _damages.Add(segment.Offset, segment.Length, error.Message);
        if (!_options.SkipDamagedChunks)
        {
            throw new MessageFormatException($"The recording is damaged at byte {segment.Offset}: {error.Message}", error);
        }
    }

    private string? CheckData()
    {
        string? problem = _data.Problem();
        if (problem is not null)
        {
            _damages.Add(_contents.DataEnd!.Value.At, 0, problem);
        }

        return problem;
    }
}
