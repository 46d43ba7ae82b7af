using System.Globalization;

namespace VisionBanana.Edge.Recording;

/// <summary>Counts the memory that one reading holds against what it may. For one thread.</summary>
internal sealed class ReadBudget(long limit)
{
    /// <summary>Gives something back when there is no room left; false when there is nothing to give.</summary>
    public Func<bool> MakeRoom { get; set; } = static () => false;

    public long Used { get; private set; }

    /// <summary>Counts memory before it is taken.</summary>
    /// <exception cref="MessageFormatException">There is no room, and none can be made.</exception>
    public void Take(long bytes)
    {
        while (bytes > limit - Used && MakeRoom())
        {
        }

        if (bytes > limit - Used)
        {
            throw new MessageFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"It needs {bytes} bytes of memory beside {Used} in use; the budget of a reading is {limit} ({nameof(McapReaderOptions)}.{nameof(McapReaderOptions.MemoryBudgetBytes)})."));
        }

        Used += bytes;
    }

    public void Give(long bytes) => Used -= bytes;
}
