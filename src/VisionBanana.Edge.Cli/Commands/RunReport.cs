using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>What <c>run --json</c> prints at its end.</summary>
internal sealed record RunReport(
    IReadOnlyList<RunReport.Sink> Sinks,
    double Fps,
    IReadOnlyDictionary<string, RunReport.Percentiles> LatencyMs,
    double AllocatedBytesPerFrame,
    string Provider,
    string? Precision,
    string Model,
    string Camera,
    double? ViewLeavesOut,
    long Frames,
    double ElapsedS,
    bool Interrupted,
    RunReport.ScaleState? Scale,
    RecordingReport? Recording,
    string? SourceDamage,
    string? Error,
    int ExitCode)
{
    public static RunReport From(OpenedPipeline opened, bool interrupted, VisionBananaException? failure) =>
        From(opened.Pipeline.Report(), opened.Pipeline, opened, interrupted, failure);

    private static RunReport From(PipelineReport report, PerceptionPipeline pipeline, OpenedPipeline opened, bool interrupted,
        VisionBananaException? failure) => new(
        [.. report.Sinks.Select(Sink.From)],
        report.FramesPerSecond,
        report.Latencies.ToDictionary(l => l.Key, l => Percentiles.From(l.Value)),
        report.AllocatedBytesPerFrame,
        pipeline.Painter.Provider,
        pipeline.Painter.Precision,
        $"{pipeline.Painter.Name} {pipeline.Painter.Version}",
        pipeline.Source.Description,
        pipeline.LeftOut,
        report.Perceived,
        report.Elapsed.TotalSeconds,
        interrupted,
        report.Scale is { } scale ? ScaleState.From(scale) : null,
        opened.Recorder is { } recorder ? RecordingReport.From(recorder) : null,
        opened.Replayed is { Recovery: { IsComplete: false } damage } ? damage.ToString() : null,
        failure?.Message ?? opened.Recorder?.Problem ?? (interrupted ? "interrupted" : null),
        failure is not null ? Failure.CodeOf(failure)
            : interrupted ? Shell.ExitCode.Interrupted
            : opened.Recorder?.Problem is null ? Shell.ExitCode.Well
            : Shell.ExitCode.Failed);

    internal sealed record Sink(string Name, long Captured, long Published, IReadOnlyDictionary<string, long> Dropped, long InFlight)
    {
        public static Sink From(SinkFlow flow) => new(
            flow.Name, flow.Captured, flow.Published, flow.Dropped.ToDictionary(d => d.Key.ToString(), d => d.Value), flow.InFlight);
    }

    /// <summary>How the scale of the depth stood at the end.</summary>
    internal sealed record ScaleState(
        double Factor, double LogStd, double Confidence, IReadOnlyList<string> Anchors, long Scenes, IReadOnlyDictionary<string, long> Used,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Refused)
    {
        public static ScaleState From(ScaleReport scale) => new(
            scale.Estimate.Factor, scale.Estimate.LogStd, scale.Estimate.Confidence, scale.Estimate.Anchors, scale.Scenes,
            scale.Anchors.ToDictionary(a => a.Name, a => a.Used),
            scale.Anchors.ToDictionary(a => a.Name, a => (IReadOnlyDictionary<string, long>)a.Refused.ToDictionary(r => r.Key.ToString(), r => r.Value)));
    }

    internal sealed record Percentiles(double P50, double P95, double P99)
    {
        public static Percentiles From(LatencyHistogram histogram) =>
            new(histogram.PercentileMs(0.5), histogram.PercentileMs(0.95), histogram.PercentileMs(0.99));
    }
}
