using System.CommandLine;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge record</c>: the camera's pictures and calibration into an MCAP file, without a model.</summary>
internal static class RecordCommand
{
    public static Command Create()
    {
        var output = new Argument<FileInfo>("file.mcap") { Description = "The recording to write." };
        var pipeline = new Option<FileInfo?>("--pipeline") { Description = "The pipeline file whose camera is recorded; default: the demo's." };
        Option<string?> source = CommonOptions.Source();
        Option<FileInfo?> camera = CommonOptions.Camera();
        Option<double?> hfov = CommonOptions.Hfov();
        Option<int?> frames = CommonOptions.Frames();
        Option<string?> topic = CommonOptions.Topic();
        Option<double?> keepFree = CommonOptions.KeepFree();
        Option<bool> json = CommonOptions.Json();
        var command = new Command(
            "record", "Records a camera's pictures, without loss, with their calibration. Replay them with: vbedge run --source FILE.mcap")
        {
            output, pipeline, source, topic, camera, hfov, frames, keepFree, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            RobotFile file = ToolSections.ReadAll(parsed.GetValue(pipeline)?.ToString() ?? Assets.DemoPipeline)
                .With(parsed.GetValue(source), parsed.GetValue(camera)?.ToString(), parsed.GetValue(hfov), null, [], topic: parsed.GetValue(topic));
            var counter = new CaptureCounter();
            string path = parsed.GetValue(output)!.ToString();
            using ILoggerFactory loggers = CommonOptions.CreateLoggers();
            ILogger logger = loggers.CreateLogger("vbedge");
            var recording = new RecordingTransport(new RecordingOptions
            {
                Path = path,
                Device = file.Device,
                Camera = file.Cameras[0].Camera.Name,
                IncludeSource = true,
                Writer = new RecordingRequest(path, IncludeSource: true, parsed.GetValue(keepFree)).Writer,
                Logger = logger,
            });
            string? damage = await RecordAllAsync(file, recording, counter, parsed.GetValue(frames), logger, cancellationToken).ConfigureAwait(false);
            var report = new
            {
                File = path,
                Bytes = new FileInfo(path).Length,
                Captured = counter.Count,
                Recorded = recording.SourceRecorded,
                NotRecorded = recording.SourceDropped,
                Dropped = counter.Drops(),
                recording.Problem,
                SourceDamage = damage,
            };
            if (damage is not null)
            {
                await Console.Error.WriteLineAsync($"vbedge: {damage}").ConfigureAwait(false);
            }

            bool interrupted = cancellationToken.IsCancellationRequested;
            return Report.Print(
                parsed.GetValue(json),
                report,
                static r => Console.WriteLine($"{r.File}: {r.Recorded} of {r.Captured} pictures, {r.Bytes} bytes"
                    + (r.NotRecorded == 0 ? "" : $", {r.NotRecorded} not recorded: the disk was behind")),
                interrupted ? ExitCode.Interrupted : recording.Problem is null ? ExitCode.Well : ExitCode.Failed,
                recording.Problem ?? (interrupted ? Failure.InterruptedError : null));
        });
        return command;
    }

    /// <summary>
    /// Records every camera until its source ends, the user says so, or the disk is almost full; returns what was wrong with recordings as sources.
    /// </summary>
    private static async Task<string?> RecordAllAsync(
        RobotFile file, RecordingTransport recording, CaptureCounter counter, int? frames, ILogger logger, CancellationToken cancellationToken)
    {
        Task<ICameraSource>[] cameras =
        [
            .. file.Cameras.Select(c => CameraOpener.OpenAsync(c.Camera, TimeProvider.System, logger, static () => { }, cancellationToken)),
        ];

        // Without a camera no file.
        await (await Task.WhenAny(cameras).ConfigureAwait(false)).ConfigureAwait(false);
        await using (recording.ConfigureAwait(false))
        {
            await recording.StartAsync(cancellationToken).ConfigureAwait(false);
            string?[] damages = await Task.WhenAll(file.Cameras.Zip(
                cameras, (camera, opening) => RecordAsync(camera.Camera, opening, recording, counter, frames, cancellationToken))).ConfigureAwait(false);
            return damages.All(d => d is null) ? null : string.Join("; ", damages.OfType<string>());
        }
    }

    private static async Task<string?> RecordAsync(
        CameraEntry camera, Task<ICameraSource> opening, RecordingTransport recording, CaptureCounter counter, int? frames,
        CancellationToken cancellationToken)
    {
        await Task.WhenAny(opening, recording.Ended).ConfigureAwait(false);
        if (!opening.IsCompleted || opening.IsCanceled)
        {
            // It never came.
            return null;
        }

        using ICameraSource source = await opening.ConfigureAwait(false);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IObservable<CameraFrame> pictures = recording.Tap(camera.Name, source).Counted(counter);
        if (frames is { } count)
        {
            pictures = pictures.StopAfter(count, counter);
        }

        using (pictures.Subscribe(_ => { }, e => ended.TrySetException(e), () => ended.TrySetResult()))
        using (cancellationToken.Register(() => ended.TrySetResult()))
        {
            if (await Task.WhenAny(ended.Task, recording.Ended).ConfigureAwait(false) == ended.Task)
            {
                await ended.Task.ConfigureAwait(false);
            }
        }

        return ((source as TurnedSource)?.Inner ?? source) is RecordingSource { Recovery: { IsComplete: false } damage }
            ? $"{camera.Source.Address} is {damage}"
            : null;
    }
}
