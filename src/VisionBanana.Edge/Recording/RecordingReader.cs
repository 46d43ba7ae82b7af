namespace VisionBanana.Edge.Recording;

/// <summary>A recording of any form, opened for reading. Several readings may run at once, each within the memory budget of its own.</summary>
public abstract class RecordingReader : IDisposable
{
    /// <summary>The topics, by id.</summary>
    public abstract IReadOnlyList<McapChannel> Channels { get; }

    /// <summary>What the recording holds; null when its writer did not count.</summary>
    public abstract McapStatistics? Statistics { get; }

    /// <summary>Whether the recording is whole, and what was lost as far as is known by now: damaged chunks are found when they are read.</summary>
    public abstract McapRecovery Recovery { get; }

    /// <summary>
    /// Reads messages by log time; those of one time in the order they were recorded. The payload of a message is valid until the next one
    /// is read.
    /// </summary>
    /// <exception cref="MessageFormatException">
    /// A part is damaged and <see cref="McapReaderOptions.SkipDamagedChunks"/> is off; thrown while enumerating.
    /// </exception>
    /// <exception cref="RecordingException">The file cannot be read any more; thrown while enumerating.</exception>
    public abstract IEnumerable<McapMessage> ReadMessages(McapReadOptions? options = null);

    /// <summary>Closes the recording.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the files.</summary>
    /// <param name="disposing">Always true.</param>
    protected abstract void Dispose(bool disposing);
}
