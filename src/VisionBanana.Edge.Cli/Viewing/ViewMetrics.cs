using System.Text.Json;
using Prometheus;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>The report of the run in the words of Prometheus.</summary>
internal sealed class ViewMetrics
{
    private static readonly double[] Quantiles = [0.5, 0.95, 0.99];

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    public ViewMetrics(ViewSubject subject, ViewHub hub)
    {
        MetricFactory make = Metrics.WithCustomRegistry(_registry);
        Counter perceived = make.CreateCounter("vbedge_perceived_total", "Pictures that were painted and decoded.");
        Counter captured = make.CreateCounter("vbedge_captured_total", "Pictures the source delivered, by the sink that counts them.", "sink");
        Counter published = make.CreateCounter("vbedge_published_total", "Pictures of which every message was sent.", "sink");
        Counter dropped = make.CreateCounter("vbedge_dropped_total", "Pictures lost on the way to a sink.", "sink", "reason");
        Gauge inFlight = make.CreateGauge("vbedge_in_flight", "Pictures between source and sink.", "sink");
        Gauge latency = make.CreateGauge("vbedge_stage_seconds", "Duration of a stage since the run began.", "stage", "quantile");
        Gauge paused = make.CreateGauge("vbedge_paused", "1 while painting is paused.");
        Gauge viewers = make.CreateGauge("vbedge_viewers", "Pages that look at the live view.");
        Gauge leaked = make.CreateGauge("vbedge_leaked_leases", "Leases that were never returned: anything but 0 is a bug.");
        Gauge resident = make.CreateGauge("process_resident_memory_bytes", "Memory of the process.");
        Gauge info = make.CreateGauge("vbedge_info", "What runs.", "device", "camera", "model", "provider");
        PipelineParts parts = subject.Parts;
        info.WithLabels(parts.Device, subject.Camera, $"{parts.Painter.Name} {parts.Painter.Version}", parts.Painter.Provider).Set(1);
        _registry.AddBeforeCollectCallback(() =>
        {
            PipelineReport report = subject.Pipeline.Report();
            perceived.IncTo(report.Perceived);

            // Two recordings one after the other are two accounts of one sink.
            foreach (IGrouping<string, SinkFlow> sink in report.Sinks.GroupBy(s => s.Name))
            {
                captured.WithLabels(sink.Key).IncTo(sink.Sum(s => s.Captured));
                published.WithLabels(sink.Key).IncTo(sink.Sum(s => s.Published));
                inFlight.WithLabels(sink.Key).Set(sink.Sum(s => s.InFlight));
                foreach (IGrouping<DropReason, long> reason in sink.SelectMany(s => s.Dropped).GroupBy(d => d.Key, d => d.Value))
                {
                    dropped.WithLabels(sink.Key, JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.Key.ToString())).IncTo(reason.Sum());
                }
            }

            foreach ((string stage, LatencyHistogram histogram) in report.Latencies.Where(l => l.Value.Count > 0))
            {
                foreach (double quantile in Quantiles)
                {
                    latency.WithLabels(stage, quantile.ToString(System.Globalization.CultureInfo.InvariantCulture)).Set(histogram.PercentileMs(quantile) / 1000);
                }
            }

            paused.Set(subject.Pipeline.Commands.State.IsPaused ? 1 : 0);
            viewers.Set(hub.Count);
            leaked.Set(Lease.LeakedCount);
            resident.Set(Environment.WorkingSet);
        });
    }

    /// <summary>Writes them in the text format.</summary>
    public Task WriteAsync(Stream stream, CancellationToken cancellationToken) => _registry.CollectAndExportAsTextAsync(stream, cancellationToken);
}
