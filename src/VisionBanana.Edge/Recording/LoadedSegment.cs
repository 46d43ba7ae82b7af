using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Recording;

/// <summary>A message within the records of a <see cref="LoadedSegment"/>.</summary>
internal readonly record struct MessageEntry(McapChannel Channel, uint Sequence, long LogTimeNs, long PublishTimeNs, int Offset, int Length);

/// <summary>The records of a segment in memory, its messages, and which is next; used again for other segments.</summary>
internal sealed class LoadedSegment
{
    private readonly List<MessageEntry> _messages = [];
    private byte[] _records = [];
    private int _size, _next;

    /// <summary>Where the segment begins in the file: the order of messages with equal times.</summary>
    public long Offset { get; private set; }

    public ReadOnlySpan<byte> Records => _records.AsSpan(0, _size);

    public ReadOnlySpan<MessageEntry> Messages => CollectionsMarshal.AsSpan(_messages);

    public bool HasNext => _next < _messages.Count;

    public long NextTimeNs => _messages[_next].LogTimeNs;

    public void Begin(Segment segment)
    {
        Offset = segment.Offset;
        _messages.Clear();
        _next = 0;
        _size = 0;
    }

    /// <summary>Room for the records.</summary>
    public Span<byte> Take(int size)
    {
        if (_records.Length < size)
        {
            _records = GC.AllocateUninitializedArray<byte>(size);
        }

        _size = size;
        return _records.AsSpan(0, size);
    }

    public void Add(in MessageEntry message) => _messages.Add(message);

    /// <summary>Orders the messages by log time; those of equal times stay in the order of the file.</summary>
    public void SortByTime()
    {
        for (int i = 1; i < _messages.Count; i++)
        {
            if (_messages[i].LogTimeNs < _messages[i - 1].LogTimeNs)
            {
                _messages.Sort(static (a, b) => a.LogTimeNs != b.LogTimeNs ? a.LogTimeNs.CompareTo(b.LogTimeNs) : a.Offset.CompareTo(b.Offset));
                return;
            }
        }
    }

    public McapMessage Next()
    {
        MessageEntry entry = _messages[_next++];
        return new McapMessage(entry.Channel, entry.Sequence, entry.LogTimeNs, entry.PublishTimeNs, _records.AsMemory(entry.Offset, entry.Length));
    }
}
