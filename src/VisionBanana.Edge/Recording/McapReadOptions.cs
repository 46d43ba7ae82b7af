namespace VisionBanana.Edge.Recording;

/// <summary>Which messages are read, and in which order.</summary>
public sealed record McapReadOptions
{
    /// <summary>Says of each channel whether its messages are wanted; null = all.</summary>
    public Func<McapChannel, bool>? Channels { get; init; }

    /// <summary>The first log time that is wanted, nanoseconds since the Unix epoch.</summary>
    public long StartNs { get; init; }

    /// <summary>The first log time that is not wanted any more.</summary>
    public long EndNs { get; init; } = long.MaxValue;

    /// <summary>In the order of the file instead of by log time.</summary>
    public bool InFileOrder { get; init; }
}
