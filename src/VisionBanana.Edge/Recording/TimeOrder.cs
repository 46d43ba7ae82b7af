using System.Globalization;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// Brings the messages of segments that may overlap in time into the order of their log times. Segments are loaded when their time has
/// come. When those that overlap do not fit the budget together, the one whose next message is the furthest away is put aside and loaded
/// again later; so much is read again at most as <see cref="RereadFactor"/> budgets hold.
/// </summary>
internal sealed class TimeOrder
{
    private const int RereadFactor = 16;

    private readonly SegmentLoader _loader;
    private readonly Segment[] _segments;
    private readonly long _rereadLimit;
    private readonly PriorityQueue<OpenSegment, (long TimeNs, long Offset)> _open = new();
    private readonly SortedSet<OpenSegment> _inMemory = new(Comparer<OpenSegment>.Create(static (a, b) => a.Key.CompareTo(b.Key)));
    private int _next;
    private long _reread;

    public TimeOrder(SegmentLoader loader, IEnumerable<Segment> segments, long budgetBytes)
    {
        _loader = loader;
        _rereadLimit = RereadFactor * budgetBytes;
        _segments = [.. segments.OrderBy(segment => segment.StartNs).ThenBy(segment => segment.Offset)];
        loader.PutAside = PutAside;
    }

    public IEnumerable<McapMessage> Read()
    {
        while (true)
        {
            while (_next < _segments.Length && (!_open.TryPeek(out _, out (long TimeNs, long Offset) first) || _segments[_next].StartNs <= first.TimeNs))
            {
                Open(_segments[_next++]);
            }

            if (!_open.TryDequeue(out OpenSegment? current, out _))
            {
                yield break;
            }

            if (!TryBringBack(current))
            {
                continue;
            }

            // The segment in work is never put aside.
            _inMemory.Remove(current);
            do
            {
                yield return current.Loaded!.MessageAt(current.Next++);
            }
            while (current.HasNext && IsStillFirst(current));
            if (current.HasNext)
            {
                Enqueue(current);
            }
            else
            {
                _loader.Free(current.Loaded!);
            }
        }
    }

    private bool IsStillFirst(OpenSegment current) =>
        (_next == _segments.Length || _segments[_next].StartNs > current.Key.TimeNs)
        && (!_open.TryPeek(out _, out (long TimeNs, long Offset) first) || current.Key.CompareTo(first) < 0);

    private void Open(Segment segment)
    {
        if (_loader.TryLoad(segment, sorted: true) is not { } loaded)
        {
            return;
        }

        if (loaded.Messages.IsEmpty)
        {
            _loader.Free(loaded);
            return;
        }

        Enqueue(new OpenSegment(segment, loaded));
    }

    private void Enqueue(OpenSegment segment)
    {
        segment.Key = (segment.Loaded!.Messages[segment.Next].LogTimeNs, segment.Segment.Offset);
        _open.Enqueue(segment, segment.Key);
        _inMemory.Add(segment);
    }

    private bool TryBringBack(OpenSegment segment)
    {
        if (segment.Loaded is not null)
        {
            return true;
        }

        if (_reread > _rereadLimit)
        {
            _loader.Tell(segment.Segment, new MessageFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"More chunks overlap in time here than the budget of a reading holds "
                    + $"({nameof(McapReaderOptions)}.{nameof(McapReaderOptions.MemoryBudgetBytes)}), "
                    + $"and reading them again and again takes too long. Allow more, or read in the order of the file.")));
            return false;
        }

        segment.Loaded = _loader.TryLoad(segment.Segment, sorted: true);
        _reread += segment.Loaded?.Records.Length ?? 0;
        return segment.Loaded is { } loaded && segment.Next < loaded.Messages.Length;
    }

    private bool PutAside()
    {
        if (_inMemory.Max is not { } last)
        {
            return false;
        }

        _inMemory.Remove(last);
        _loader.Free(last.Loaded!);
        last.Loaded = null;
        return true;
    }

    private sealed class OpenSegment(Segment segment, LoadedSegment loaded)
    {
        public Segment Segment { get; } = segment;

        public LoadedSegment? Loaded { get; set; } = loaded;

        /// <summary>Its next message; changes only while it is in no queue.</summary>
        public int Next { get; set; }

        public (long TimeNs, long Offset) Key { get; set; }

        public bool HasNext
        {
            get
            {
                if (Next == Loaded!.Messages.Length)
                {
                    return false;
                }

                Key = (Loaded.Messages[Next].LogTimeNs, Segment.Offset);
                return true;
            }
        }
    }
}
