using System.Globalization;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Pipeline;

/// <summary>Puts the state of a run into the 1 Hz diagnostics message: the pipeline, and each sink with its drops by reason.</summary>
internal static class PipelineDiagnostics
{
    public static WireMessage Create(PipelineParts parts, PipelineReport report, CameraReview camera, bool paused)
    {
        var status = new List<DiagnosticStatus>
        {
            DiagnosticsMessage.Status(
                "vbedge: pipeline",
                camera.IsSuspicious ? DiagnosticLevel.Warn : DiagnosticLevel.Ok,
                parts.Source.State,
                parts.Device,
                [
                    ("camera", parts.Source.Description),
                    ("model", $"{parts.Painter.Description.Name} {parts.Painter.Description.Version}"),
                    ("provider", parts.Painter.Description.Provider),
                    ("precision", parts.Painter.Description.Precision ?? "unknown"),
                    ("parity", parts.Painter.Description.Parity ?? "not compared"),
                    ("calibration", camera.Findings),
                    ("view_leaves_out_percent", camera.LeftOut is { } share ? Number(100 * share) : "not calibrated"),
                    ("paused", paused ? "true" : "false"),
                    ("rate_hz", Number(report.FramesPerSecond)),
                    .. report.Latencies.Select(l => ($"{l.Key}_ms_p95", Number(l.Value.PercentileMs(0.95)))),
                ]),
        };
        if (report.Scale is { } scale)
        {
            status.Add(ScaleOf(scale, parts.Device));
        }

        status.AddRange(parts.Sensors.Select(s => DiagnosticsMessage.Status($"vbedge: sensor {s.Name}", DiagnosticLevel.Ok, s.State, parts.Device)));
        for (int i = 0; i < report.Sinks.Count; i++)
        {
            SinkFlow sink = report.Sinks[i];
            status.Add(DiagnosticsMessage.Status(
                $"vbedge: sink {sink.Name}",
                sink.Dropped.Keys.All(reason => reason == DropReason.Paused) ? DiagnosticLevel.Ok : DiagnosticLevel.Warn,
                report.States[i],
                parts.Device,
                [
                    ("captured", Number(sink.Captured)),
                    ("published", Number(sink.Published)),
                    ("in_flight", Number(sink.InFlight)),
                    .. sink.Dropped.Select(d => ($"dropped_{d.Key}", Number(d.Value))),
                ]));
        }

        return DiagnosticsMessage.Create((parts.Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100, [.. status]);
    }

    private static DiagnosticStatus ScaleOf(ScaleReport scale, string device) => DiagnosticsMessage.Status(
        "vbedge: scale",
        scale.Estimate.IsTrusted ? DiagnosticLevel.Ok : DiagnosticLevel.Warn,
        scale.Estimate.IsTrusted ? "estimated" : "not sure enough: no cloud, no distances",
        device,
        [
            ("factor", Number(scale.Estimate.Factor)),
            ("log_std", Number(scale.Estimate.LogStd)),
            ("confidence", Number(scale.Estimate.Confidence)),
            ("anchors", string.Join(", ", scale.Estimate.Anchors)),
            ("scenes", Number(scale.Scenes)),
            .. scale.Anchors.Select(a => ($"{a.Name}_used", Number(a.Used))),
            .. scale.Anchors.SelectMany(a => a.Refused.Select(r => ($"{a.Name}_refused_{r.Key}", Number(r.Value)))),
        ]);

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
