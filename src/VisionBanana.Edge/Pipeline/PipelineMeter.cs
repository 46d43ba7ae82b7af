using System.Diagnostics.Metrics;
using System.Text.Json;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// The books of one pipeline as instruments of the meter <see cref="Instrumentation.Name"/>, read only when somebody collects:
/// <c>vbedge.perceived</c>, <c>vbedge.captured</c>, <c>vbedge.published</c>, <c>vbedge.in_flight</c> by sink, <c>vbedge.dropped</c> by sink and reason,
/// <c>vbedge.stage.duration</c> and <c>vbedge.stage.recent.duration</c> in seconds by stage and quantile, <c>vbedge.paused</c>, <c>vbedge.leaked_leases</c>.
/// </summary>
internal sealed class PipelineMeter : IDisposable
{
    private static readonly double[] Quantiles = [0.5, 0.95, 0.99];

    private readonly Meter _meter;
    private readonly PerceptionPipeline _pipeline;

    /// <param name="pipeline">Whose books they are.</param>
    /// <param name="device">The tag <c>device</c> of the meter.</param>
    /// <param name="camera">The tag <c>camera</c> of the meter: tells the cameras of one process apart.</param>
    public PipelineMeter(PerceptionPipeline pipeline, string device, string camera)
    {
        _pipeline = pipeline;
        _meter = new Meter(new MeterOptions(Instrumentation.Name) { Tags = [new("device", device), new("camera", camera)] });
        _meter.CreateObservableCounter("vbedge.perceived", () => _pipeline.Perceived, "{picture}", "Pictures that were painted and decoded.");
        _meter.CreateObservableCounter(
            "vbedge.captured", () => BySink(s => s.Captured), "{picture}", "Pictures the source delivered, by the sink that counts them.");
        _meter.CreateObservableCounter("vbedge.published", () => BySink(s => s.Published), "{picture}", "Pictures of which every message was sent.");
        _meter.CreateObservableCounter("vbedge.dropped", Drops, "{picture}", "Pictures lost on the way to a sink.");
        _meter.CreateObservableGauge("vbedge.in_flight", () => BySink(s => s.InFlight), "{picture}", "Pictures between source and sink.");
        _meter.CreateObservableGauge(
            "vbedge.stage.duration", () => Durations(static (h, q) => h.PercentileMs(q)), "s", "Duration of a stage since the run began.");
        _meter.CreateObservableGauge(
            "vbedge.stage.recent.duration", () => Durations(static (h, q) => h.RecentPercentileMs(q)), "s",
            "Duration of a stage over the last minute; NaN when there was none.");
        _meter.CreateObservableGauge("vbedge.paused", () => _pipeline.Commands.State.IsPaused ? 1 : 0, null, "1 while painting is paused.");
        _meter.CreateObservableGauge("vbedge.leaked_leases", () => Lease.LeakedCount, "{lease}", "Leases that were never returned: anything but 0 is a bug.");
    }

    public void Dispose() => _meter.Dispose();

    // Two recordings one after the other are two accounts of one sink.
    private IEnumerable<Measurement<long>> BySink(Func<SinkFlow, long> value) =>
        _pipeline.Flows().GroupBy(s => s.Name).Select(s => new Measurement<long>(s.Sum(value), new KeyValuePair<string, object?>("sink", s.Key)));

    private IEnumerable<Measurement<long>> Drops() =>
        from sink in _pipeline.Flows().GroupBy(s => s.Name)
        from reason in sink.SelectMany(s => s.Dropped).GroupBy(d => d.Key, d => d.Value)
        select new Measurement<long>(
            reason.Sum(), new("sink", sink.Key), new("reason", JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.Key.ToString())));

    private IEnumerable<Measurement<double>> Durations(Func<LatencyHistogram, double, double> percentileMs) =>
        from stage in _pipeline.Latencies.ToList()
        where stage.Value.Count > 0
        from quantile in Quantiles
        select new Measurement<double>(percentileMs(stage.Value, quantile) / 1000, new("stage", stage.Key), new("quantile", quantile));
}
