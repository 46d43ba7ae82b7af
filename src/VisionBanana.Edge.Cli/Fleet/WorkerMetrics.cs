using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Mqtt;

namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>
/// A worker for Prometheus: <c>/metrics</c>, and <c>/healthz</c>, which fails while there is no connection. The rate of
/// <c>vbedge_worker_busy_seconds_total</c> is what a fleet is scaled by.
/// </summary>
internal sealed class WorkerMetrics(PictureTakerOptions own, WorkerRun run, WorkerBooks books, StageLatencies latencies)
{
    /// <summary>Answers a request.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        (int status, string text) = context.Request.Path.Value switch
        {
            "/metrics" => (StatusCodes.Status200OK, Text()),
            "/healthz" => run.IsConnected ? (StatusCodes.Status200OK, "connected\n") : (StatusCodes.Status503ServiceUnavailable, $"{run.State}\n"),
            _ => (StatusCodes.Status404NotFound, "expected /metrics or /healthz\n"),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }

    private string Text()
    {
        WorkerReport now = WorkerReport.Of(own, run, books, latencies);
        string labels = $"group=\"{Escaped(now.Group)}\",worker=\"{Escaped(now.Worker)}\"";
        var text = new StringBuilder();
        void Write(string name, string type, string help, params IEnumerable<(string Labels, double Value)> values)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
            foreach ((string more, double value) in values)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}{(more.Length > 0 ? "," + more : "")}}} {value}\n");
            }
        }

        Write("vbedge_worker_info", "gauge", "The model that paints.", ($"model=\"{Escaped(now.Model)}\",model_sha256=\"{now.ModelSha256}\"", 1));
        Write("vbedge_worker_connected", "gauge", "1 = connected to the broker.", ("", run.IsConnected ? 1 : 0));
        Write("vbedge_worker_taken_total", "counter", "Pictures whose turn came.", ("", now.Taken));
        Write("vbedge_worker_answered_total", "counter", "Pictures whose percepts were published.", ("", now.Answered));
        Write("vbedge_worker_dropped_total", "counter", "Pictures that were not answered.", now.Dropped.Select(d => ($"reason=\"{d.Key}\"", (double)d.Value)));
        Write("vbedge_worker_malformed_total", "counter", "Messages that were no pictures of the group.", ("", now.Malformed));
        Write("vbedge_worker_too_many_total", "counter", "Pictures that the broker sent beyond what was asked for.", ("", now.TooMany));
        Write("vbedge_worker_busy_seconds_total", "counter", "Seconds with a picture in hand: its rate is the load, 0 to 1.", ("", now.BusyS));
        Write("vbedge_worker_cameras", "gauge", "Cameras that tables are kept of.", ("", run.RobotCount));
        Write("process_cpu_seconds_total", "counter", "Processor seconds.", ("", now.CpuS));
        Write("process_resident_memory_bytes", "gauge", "Memory of the process.", ("", Environment.WorkingSet));
        Write("vbedge_worker_stage_seconds", "gauge", "Median by stage.", now.StageMsP50.Where(s => double.IsFinite(s.Value))
            .Select(s => ($"stage=\"{Escaped(s.Key)}\"", s.Value / 1000)));
        return text.ToString();
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
