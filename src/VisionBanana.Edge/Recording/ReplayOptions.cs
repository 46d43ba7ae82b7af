namespace VisionBanana.Edge.Recording;

/// <summary>How a recording is played to transports.</summary>
public sealed record ReplayOptions
{
    /// <summary>1 = as it was recorded, 2 = twice as fast; null = as fast as the transports take it.</summary>
    public double? Speed { get; init; } = 1;

    /// <summary>
    /// Which channels are read; null = all but the camera's own pictures (<c>source/…</c>). Of these only what <see cref="ReplayStreams"/>
    /// includes is published, the rest is counted as skipped.
    /// </summary>
    public Func<McapChannel, bool>? Channels { get; init; }

    /// <summary>The first log time that is played, nanoseconds since the Unix epoch.</summary>
    public long StartNs { get; init; }

    /// <summary>The first log time that is not played any more.</summary>
    public long EndNs { get; init; } = long.MaxValue;

    /// <summary>Begins again at the end, until cancelled.</summary>
    public bool Loop { get; init; }

    /// <summary>The clock of the pace.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
