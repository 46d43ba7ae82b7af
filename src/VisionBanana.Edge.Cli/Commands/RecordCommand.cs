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
        output.RefuseOptions();
        var pipeline = new Option<FileInfo?>("--pipeline") { Description = "The pipeline file whose camera is recorded; default: the demo's." };
        Option<string?> source = CommonOptions.Source();
        Option<FileInfo?> camera = CommonOptions.Camera();
        Option<double?> hfov = CommonOptions.Hfov();
        Option<int?> frames = CommonOptions.Frames();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("record", "Records a camera's pictures, without loss, with their calibration. Replay them with: vbedge run --source FILE.mcap")
        {
            output, pipeline, source, camera, hfov, frames, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            PipelineFile file = ToolSections.Read(parsed.GetValue(pipeline)?.ToString() ?? Assets.DemoPipeline)
                .With(parsed.GetValue(source), parsed.GetValue(camera)?.ToString(), parsed.GetValue(hfov), null, []);
            var counter = new CaptureCounter();
            string path = parsed.GetValue(output)!.ToString();
            var recording = new RecordingTransport(new RecordingOptions { Path = path, Device = file.Device, Camera = file.Camera.Name, IncludeSource = true });
            await RecordAsync(file, recording, counter, parsed.GetValue(frames), cancellationToken).ConfigureAwait(false);
            var report = new
            {
                File = path,
                Bytes = new FileInfo(path).Length,
                Captured = counter.Count,
                Recorded = recording.SourceRecorded,
                NotRecorded = recording.SourceDropped,
                Dropped = counter.Drops(),
            };
            Console.WriteLine(parsed.GetValue(json)
                ? Json.Line(report)
                : $"{path}: {report.Recorded} of {report.Captured} pictures, {report.Bytes} bytes{(report.NotRecorded == 0 ? "" : $", {report.NotRecorded} not recorded: the disk was behind")}");
            return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Well;
        });
        return command;
    }

    private static async Task RecordAsync(
        PipelineFile file, RecordingTransport recording, CaptureCounter counter, int? frames, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggers = CommonOptions.CreateLoggers();
        using ICameraSource source = CameraOpener.Open(file.Camera, loggers.CreateLogger("vbedge"));
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (recording.ConfigureAwait(false))
        {
            await recording.StartAsync(cancellationToken).ConfigureAwait(false);
            IObservable<CameraFrame> pictures = recording.Tap(source).Counted(counter);
            if (frames is { } count)
            {
                pictures = pictures.StopAfter(count, counter);
            }

            using (pictures.Subscribe(_ => { }, e => ended.TrySetException(e), () => ended.TrySetResult()))
            using (cancellationToken.Register(() => ended.TrySetResult()))
            {
                await ended.Task.ConfigureAwait(false);
            }
        }
    }
}
