using System.Runtime.CompilerServices;

namespace VisionBanana.Edge.Recording;

/// <summary>A message within the records of a <see cref="LoadedSegment"/>.</summary>
internal readonly record struct MessageEntry(McapChannel Channel, uint Sequence, long LogTimeNs, long PublishTimeNs, int Offset, int Length);

/// <summary>The records of a segment in memory and its messages; used again for other segments. Its memory is counted.</summary>
internal sealed class LoadedSegment(ReadBudget budget)
{
    private MessageEntry[] _messages = [];
    private byte[] _records = [];
    private int _size, _count;

    public Span<byte> Records => _records.AsSpan(0, _size);

    public ReadOnlySpan<MessageEntry> Messages => _messages.AsSpan(0, _count);

    /// <summary>What was left out of it, for people; null = nothing.</summary>
    public string? Irregularity { get; set; }

    /// <summary>Whether a check value of its own covers the records.</summary>
    public bool IsChecked { get; set; }

    public void Begin()
    {
        (_size, _count) = (0, 0);
        (Irregularity, IsChecked) = (null, false);
    }

    /// <summary>Room for the records.</summary>
    public Span<byte> Take(int size)
    {
        if (_records.Length < size)
        {
            Unload();
            _records = budget.Rent(size);
        }

        _size = size;
        return Records;
    }

    /// <summary>Room for so many messages.</summary>
    public void Expect(int messages)
    {
        if (_messages.Length < messages)
        {
            long old = _messages.Length;
            _messages = [];
            budget.Give(old * Unsafe.SizeOf<MessageEntry>());
            budget.Take((long)messages * Unsafe.SizeOf<MessageEntry>());
            _messages = new MessageEntry[messages];
        }
    }

    public void Add(in MessageEntry message) => _messages[_count++] = message;

    /// <summary>Orders the messages by log time; those of equal times stay in the order of the file.</summary>
    public void SortByTime()
    {
        for (int i = 1; i < _count; i++)
        {
            if (_messages[i].LogTimeNs < _messages[i - 1].LogTimeNs)
            {
                _messages.AsSpan(0, _count).Sort(static (a, b) =>
                    a.LogTimeNs != b.LogTimeNs ? a.LogTimeNs.CompareTo(b.LogTimeNs) : a.Offset.CompareTo(b.Offset));
                return;
            }
        }
    }

    public McapMessage MessageAt(int index)
    {
        ref readonly MessageEntry entry = ref _messages[index];
        return new McapMessage(entry.Channel, entry.Sequence, entry.LogTimeNs, entry.PublishTimeNs, _records.AsMemory(entry.Offset, entry.Length));
    }

    /// <summary>Gives the records back; the room for messages stays for the next segment.</summary>
    public void Unload()
    {
        budget.Return(_records);
        (_records, _size, _count) = ([], 0, 0);
    }

    /// <summary>Gives the room for messages back and returns how much that was.</summary>
    public long Release()
    {
        long bytes = (long)_messages.Length * Unsafe.SizeOf<MessageEntry>();
        budget.Give(bytes);
        (_messages, _count) = ([], 0);
        return bytes;
    }
}
