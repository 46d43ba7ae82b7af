using System.CommandLine;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Cli.Fleet;
using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge capture</c>: a robot whose pictures workers paint.</summary>
internal static class CaptureCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("pipeline.yaml") { Description = "The robot's pipeline, with mqtt: {broker: …} and, if wanted, a section fleet." };
        Option<string?> source = CommonOptions.Source();
        Option<string?> topic = CommonOptions.Topic();
        Option<FileInfo?> camera = CommonOptions.Camera();
        Option<double?> hfov = CommonOptions.Hfov();
        var group = new Option<string?>("--group") { Description = "The group of workers that answers, instead of fleet.group." };
        Option<int?> frames = CommonOptions.Frames();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("capture", "Hands a camera's pictures to workers over an MQTT 5 broker, for robots without a painter.")
        {
            file, source, topic, camera, hfov, group, frames, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var pipeline = ToolSections.Read(parsed.GetRequiredValue(file).ToString());
            pipeline = pipeline.With(
                parsed.GetValue(source), parsed.GetValue(camera)?.ToString(), parsed.GetValue(hfov), null, [], topic: parsed.GetValue(topic));
            FleetEntry fleet = pipeline.Section<FleetEntry>() ?? new FleetEntry();
            return RunAsync(
                pipeline, parsed.GetValue(group) is { } name ? fleet with { Group = name } : fleet, parsed.GetValue(frames), parsed.GetValue(json),
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(PipelineFile file, FleetEntry fleet, int? frames, bool json, CancellationToken cancellationToken)
    {
        foreach (string warning in ExposedSecrets.Of(file, ""))
        {
            Failure.TellOnStandardError(warning);
        }

        using ILoggerFactory loggers = CommonOptions.CreateLoggers();
        TimeProvider clock = SteppedClock.OrSystem();
        using ICameraSource source = await CameraOpener.OpenAsync(
            file.Camera, clock, loggers.CreateLogger("vbedge"), static () => { }, cancellationToken).ConfigureAwait(false);
        CalibrationGate.Pass(file.Camera, source);
        using var images = new OpenCvImageEncoder();
        var run = new CaptureRun(file, fleet, source, images, loggers, clock);
        await using (run.ConfigureAwait(false))
        {
            await run.RunAsync(frames, cancellationToken).ConfigureAwait(false);
            bool interrupted = cancellationToken.IsCancellationRequested;
            CaptureReport report = run.Report(interrupted);
            return Report.Print(
                json, report, Print, interrupted ? ExitCode.Interrupted : ExitCode.Well, interrupted ? Failure.InterruptedError : null);
        }
    }

    private static void Print(CaptureReport report)
    {
        string dropped = string.Join(", ", report.Dropped.Select(d => $"{d.Value} {d.Key}"));
        Console.WriteLine(FormattableString.Invariant(
            $"captured {report.Captured}: answered {report.Answered}, dropped {(dropped.Length == 0 ? "none" : dropped)}; {report.Bytes / 1000} kB sent, ")
            + FormattableString.Invariant($"{report.CpuS:0.0} s of a processor in {report.ElapsedS:0.0} s"));
    }
}
