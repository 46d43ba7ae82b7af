namespace VisionBanana.Edge.Pipeline;

/// <summary>The queue between the pipeline and one sink.</summary>
public sealed record SinkOptions
{
    /// <summary>The most pictures that wait; when one more comes, the oldest is dropped.</summary>
    public int Capacity { get; init; } = 4;

    /// <summary>The staleness budget: pictures older than this when their turn comes are dropped. Null = none.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>How long the queue may be flushed when the pipeline stops; what is left then is counted as stopped.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
