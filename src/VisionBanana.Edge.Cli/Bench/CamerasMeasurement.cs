using System.Globalization;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>Measures what several cameras cost one painter: 1, 2, 4 … of the cameras of a file at one rate, pictures from memory.</summary>
internal static class CamerasMeasurement
{
    private static readonly int[] Counts = [1, 2, 4, 8, 16];

    /// <summary>Measures everything.</summary>
    /// <param name="file">The cameras and the model; transports are left out.</param>
    /// <param name="rateHz">The rate of every camera.</param>
    /// <param name="seconds">How long measuring takes in all, without loading.</param>
    /// <param name="progress">Told what is measured next.</param>
    /// <param name="loggers">Told what goes wrong.</param>
    /// <param name="cancellationToken">Ends it without a result.</param>
    /// <exception cref="VisionBananaException">Something the file names cannot be used.</exception>
    public static async Task<CamerasBenchReport> RunAsync(
        RobotFile file, double rateHz, double seconds, Action<string> progress, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ILogger logger = loggers.CreateLogger("vbedge");
        var albums = new List<Album>();
        foreach (PipelineFile camera in file.Cameras)
        {
            albums.Add(await Album.LoadAsync(camera.Camera, logger, cancellationToken).ConfigureAwait(false));
        }

        var machine = Machine.Look();
        using IPainter painter = PainterChoice.Of(file.Painter.Model).Load(file.Painter.Execution, new BuildPrinter(), cancellationToken);
        int[] counts = [.. Counts.Where(n => n < file.Cameras.Count).Append(file.Cameras.Count)];
        var each = TimeSpan.FromSeconds(seconds / (counts.Length + 0.5));
        // With one camera: what the others take is what is measured.
        progress("warm-up");
        await MeasureAsync(file, albums, painter, 1, rateHz, each / 2, logger, cancellationToken).ConfigureAwait(false);
        var rows = new List<CamerasBenchReport.Row>();
        foreach (int count in counts)
        {
            progress(string.Create(CultureInfo.InvariantCulture, $"{count} cameras at {rateHz:0.##} Hz ({each.TotalSeconds:0.#} s)"));
            rows.Add(await MeasureAsync(file, albums, painter, count, rateHz, each, logger, cancellationToken).ConfigureAwait(false));
        }

        return new CamerasBenchReport(
            machine with { LoadAfter = Machine.Load() }, $"{painter.Description.Name} {painter.Description.Version}", painter.Description.Provider, rateHz,
            rows,
            rows.Count < 2 ? double.NaN : (rows[^1].ResidentMib - rows[0].ResidentMib) / (rows[^1].Cameras - rows[0].Cameras));
    }

    private static async Task<CamerasBenchReport.Row> MeasureAsync(
        RobotFile file, List<Album> albums, IPainter painter, int count, double rateHz, TimeSpan duration, ILogger logger,
        CancellationToken cancellationToken)
    {
        // Not disposed: the painter is the caller's.
        var shared = new SharedPainter(painter);
        using var images = new OpenCvImageEncoder();
        Playback[] cameras = [.. Enumerable.Range(0, count).Select(i => new Playback(albums[i], rateHz, duration))];
        ArrivalMonitor[] monitors = [.. cameras.Select(_ => new ArrivalMonitor((int)(rateHz * duration.TotalSeconds) + 2))];
        PerceptionPipeline[] pipelines =
        [
            .. Enumerable.Range(0, count).Select(
                i => Open(file.Cameras[i], cameras[i], shared.For(file.Cameras[i].Camera.Name), monitors[i], images, logger)),
        ];
        using var usage = new Usage();
        Task running = Task.WhenAll(pipelines.Select(p => p.RunAsync(cancellationToken)));
        await Task.WhenAny(running, Task.Delay(duration * 0.8, cancellationToken)).ConfigureAwait(false);
        GC.Collect();
        double resident = Environment.WorkingSet / 1048576.0;
        await running.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        double cpu = usage.CpuPercent;
        Flow[] flows = [.. cameras.Select((camera, i) => FlowOf(file.Cameras[i].Camera.Name, rateHz, camera.Sent, monitors[i], cpu))];
        bool balanced = pipelines.SelectMany(p => p.Report().Sinks).All(s => s.InFlight == 0 && s.Captured == s.Published + s.Dropped.Values.Sum());
        foreach (PerceptionPipeline pipeline in pipelines)
        {
            await pipeline.DisposeAsync().ConfigureAwait(false);
        }

        return new CamerasBenchReport.Row(
            count, flows, flows.Min(f => f.MeanFrameRate), flows.Max(f => f.MeanFrameRate), flows.Max(f => f.MeanFrameRate) / flows.Min(f => f.MeanFrameRate),
            flows.Max(f => f.LatencyMs.Median), flows.Max(f => f.LatencyMs.P90), cpu, resident, balanced);
    }

    /// <summary>Without its first fifth, which fills pools.</summary>
    private static Flow FlowOf(string name, double rateHz, ReadOnlySpan<long> sent, ArrivalMonitor monitor, double cpu)
    {
        int warm = Math.Max(1, sent.Length / 5);
        return Flow.Of(name, rateHz, sent[warm..], monitor.Received[warm..sent.Length], cpu, double.NaN);
    }

    private static PerceptionPipeline Open(
        PipelineFile file, Playback camera, IPainter painter, ArrivalMonitor monitor, OpenCvImageEncoder images, ILogger logger) => new(new PipelineParts
        {
            Device = "bench",
            Camera = file.Camera.Name,
            Source = camera.Source,
            Painter = painter,
            Instructions = InstructionEntry.Parse(file.Instructions, painter),
            Perceive = PipelineBuilder.OptionsOf(file),
            Images = images,
            Streams = file.Streams with { Mount = file.Camera.Mount },
            Transports = [monitor],
            Sinks = file.Sinks,
            Overlap = PipelineBuilder.Overlaps(file, painter.Description),
            Logger = logger,
        });
}
