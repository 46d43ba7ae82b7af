namespace VisionBanana.Edge.Recording;

/// <summary>Loads segments for one reading, within its budget; buffers are used again. For one thread.</summary>
internal sealed class SegmentLoader : IDisposable
{
    private readonly SegmentReader _reader;
    private readonly ReadBudget _budget;
    private readonly McapReadOptions _options;
    private readonly Action<Segment, MessageFormatException> _damaged;
    private readonly Action<Segment, LoadedSegment> _loaded;
    private readonly Stack<LoadedSegment> _free = new();

    /// <summary>Prepares loading.</summary>
    /// <param name="source">The file.</param>
    /// <param name="channels">Where declarations go.</param>
    /// <param name="limits">The budget.</param>
    /// <param name="options">Which messages are wanted.</param>
    /// <param name="loaded">Told of every segment that was loaded.</param>
    /// <param name="damaged">Told of every segment that is damaged; may throw.</param>
    public SegmentLoader(
        ByteSource source, ChannelTable channels, McapReaderOptions limits, McapReadOptions options, Action<Segment, LoadedSegment> loaded,
        Action<Segment, MessageFormatException> damaged)
    {
        _budget = new ReadBudget(limits.MemoryBudgetBytes) { MakeRoom = MakeRoom };
        _reader = new SegmentReader(source, channels, limits.MaxRecordBytes, _budget);
        (_options, _loaded, _damaged) = (options, loaded, damaged);
    }

    /// <summary>Puts a segment in memory aside when the budget is used up; false when there is none.</summary>
    public Func<bool> PutAside { get; set; } = static () => false;

    /// <summary>Loads a segment; null when it is damaged.</summary>
    public LoadedSegment? TryLoad(Segment segment, bool sorted = false)
    {
        LoadedSegment target = _free.TryPop(out LoadedSegment? used) ? used : new LoadedSegment(_budget);
        try
        {
            _reader.Load(segment, target, _options);
            _loaded(segment, target);
        }
        catch (MessageFormatException error)
        {
            Free(target);
            Tell(segment, error);
            return null;
        }

        if (sorted)
        {
            target.SortByTime();
        }

        return target;
    }

    public void Tell(Segment segment, MessageFormatException error) => _damaged(segment, error);

    public void Free(LoadedSegment segment)
    {
        segment.Unload();
        _free.Push(segment);
    }

    public void Dispose() => _reader.Dispose();

    private bool MakeRoom()
    {
        while (_free.TryPop(out LoadedSegment? free))
        {
            if (free.Release() > 0)
            {
                return true;
            }
        }

        return PutAside();
    }
}
