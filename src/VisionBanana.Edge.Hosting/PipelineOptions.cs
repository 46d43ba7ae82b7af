using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting;

/// <summary>What a program adds to a pipeline file.</summary>
public sealed record PipelineOptions
{
    /// <summary>Take percepts as they are, beside the transports of the file; closed by the pipeline.</summary>
    public IReadOnlyList<IPerceptSink> PerceptSinks { get; init; } = [];

    /// <summary>Pictures that these sinks may hold at once beside what the pipeline needs itself; one that keeps none past <c>Show</c> needs one.</summary>
    public int PicturesHeld { get; init; } = 2;

    /// <summary>Ends the run after so many captured pictures; null = when the source ends.</summary>
    public long? MaxFrames { get; init; }

    /// <summary>The clock of stamps and durations.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Told what goes wrong without ending the run.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}
