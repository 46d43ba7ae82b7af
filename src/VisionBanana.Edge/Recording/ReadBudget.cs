using System.Globalization;
using System.Numerics;

namespace VisionBanana.Edge.Recording;

/// <summary>Counts the memory that one reading holds against what it may, and keeps buffers for the next use. For one thread.</summary>
internal sealed class ReadBudget(long limit)
{
    private readonly List<byte[]> _idle = [];

    /// <summary>Gives something back when there is no room left; false when there is nothing to give.</summary>
    public Func<bool> MakeRoom { get; set; } = static () => false;

    public long Used { get; private set; }

    /// <summary>A buffer of at least this size: one that is idle, or, where there is room, a new one.</summary>
    /// <exception cref="MessageFormatException">There is no room, and none can be made.</exception>
    public byte[] Rent(int size)
    {
        int room = Rounded(size);
        while (true)
        {
            if (TakeIdle(size) is { } idle)
            {
                return idle;
            }

            // Idle buffers are too small here. What is put aside then may leave one that fits, which costs no garbage.
            if (room <= limit - Used || (!DropIdle() && !MakeRoom()))
            {
                break;
            }
        }

        Take(room);
        return GC.AllocateUninitializedArray<byte>(room);
    }

    /// <summary>Gives a buffer back; it stays counted as long as it is kept.</summary>
    public void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            _idle.Add(buffer);
        }
    }

    /// <summary>Counts memory before it is taken.</summary>
    /// <exception cref="MessageFormatException">There is no room, and none can be made.</exception>
    public void Take(long bytes)
    {
        while (bytes > limit - Used && (DropIdle() || MakeRoom()))
        {
        }

        if (bytes > limit - Used)
        {
            throw new MessageFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"It needs {bytes} bytes of memory beside {Used} in use; "
                    + $"the budget of a reading is {limit} ({nameof(McapReaderOptions)}.{nameof(McapReaderOptions.MemoryBudgetBytes)})."));
        }

        Used += bytes;
    }

    public void Give(long bytes) => Used -= bytes;

    private byte[]? TakeIdle(int size)
    {
        int best = -1;
        for (int i = 0; i < _idle.Count; i++)
        {
            if (_idle[i].Length >= size && (best < 0 || _idle[i].Length < _idle[best].Length))
            {
                best = i;
            }
        }

        if (best < 0)
        {
            return null;
        }

        byte[] buffer = _idle[best];
        _idle.RemoveAt(best);
        return buffer;
    }

    private bool DropIdle()
    {
        if (_idle.Count == 0)
        {
            return false;
        }

        Give(_idle[^1].Length);
        _idle.RemoveAt(_idle.Count - 1);
        return true;
    }

    /// <summary>Up to a quarter more than asked for, so that chunks of about one size share buffers.</summary>
    private static int Rounded(int size)
    {
        const int Least = 4096;
        if (size <= Least)
        {
            return Least;
        }

        int quarter = 1 << (BitOperations.Log2((uint)size) - 2);
        return (int)Math.Min(Array.MaxLength, ((long)size + quarter - 1) / quarter * quarter);
    }
}
