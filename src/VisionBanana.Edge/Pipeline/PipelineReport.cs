using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Pipeline;

/// <summary>How a run stands or ended.</summary>
/// <param name="Sinks">The books of every sink.</param>
/// <param name="States">How every sink is, in one line for people, in the order of <paramref name="Sinks"/>.</param>
/// <param name="Perceived">Pictures that were painted and decoded.</param>
/// <param name="FramesPerSecond">Perceived pictures per second between the first and the last; NaN below two.</param>
/// <param name="Latencies">Durations by stage.</param>
/// <param name="AllocatedBytesPerFrame">Managed bytes the whole process allocated per picture after warm-up; NaN before.</param>
/// <param name="Elapsed">Time since the run began.</param>
public sealed record PipelineReport(
    IReadOnlyList<SinkFlow> Sinks,
    IReadOnlyList<string> States,
    long Perceived,
    double FramesPerSecond,
    IReadOnlyList<KeyValuePair<string, LatencyHistogram>> Latencies,
    double AllocatedBytesPerFrame,
    TimeSpan Elapsed)
{
    /// <summary>How the scale of the depth stands; null = it is not estimated.</summary>
    public ScaleReport? Scale { get; init; }
}
