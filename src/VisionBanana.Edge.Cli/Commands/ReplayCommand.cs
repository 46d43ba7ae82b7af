using System.CommandLine;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge replay</c>: the messages of a recording, byte for byte, to the transports of a pipeline file.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var input = new Argument<FileInfo>("file.mcap") { Description = "The recording to play: .mcap, .mcap.zstd, .db3, or a bag folder." };
        var pipeline = new Option<FileInfo?>("--pipeline")
        {
            Description = "The pipeline file whose mqtt and zeromq sections say where to; default: the demo's.",
        };
        Option<double> speed = OptionOf.Number(
            "--speed", 0, 1e6, "", "2", "1 = as it was recorded, 2 = twice as fast, 0 = as fast as possible.", otherwise: 1);
        var loop = new Option<bool>("--loop") { Description = "Begins again at the end, until Ctrl-C." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("replay", "Plays a recording to MQTT and ZeroMQ. To perceive its pictures again: vbedge run --source FILE.mcap")
        {
            input, pipeline, speed, loop, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var file = ToolSections.ReadAll(parsed.GetValue(pipeline)?.ToString() ?? Assets.DemoPipeline);
            var options = new ReplayOptions { Speed = parsed.GetValue(speed) is > 0 and var factor ? factor : null, Loop = parsed.GetValue(loop) };
            ReplayReport report = await PlayAsync(parsed.GetValue(input)!.ToString(), file, options, cancellationToken).ConfigureAwait(false);
            if (!report.Recovery.IsComplete && parsed.GetValue(json))
            {
                await Console.Error.WriteLineAsync($"vbedge: {parsed.GetValue(input)} is {report.Recovery}").ConfigureAwait(false);
            }

            bool interrupted = cancellationToken.IsCancellationRequested;
            long failed = report.Failed.Values.Sum();
            return Report.Print(
                parsed.GetValue(json),
                new
                {
                    report.Played,
                    Failed = report.Failed.ToDictionary(f => f.Key.ToString(), f => f.Value),
                    report.Skipped,
                    report.Recovery.IsComplete,
                    report.Recovery.LostBytes,
                    Damage = report.Recovery.IsComplete ? null : report.Recovery.ToString(),
                    ElapsedS = report.Elapsed.TotalSeconds,
                },
                _ => Console.WriteLine($"{report.Played} messages played, {failed} failed, {report.Skipped} skipped; recording {report.Recovery}"),
                interrupted ? ExitCode.Interrupted : failed == 0 ? ExitCode.Well : ExitCode.Failed,
                interrupted ? Failure.InterruptedError
                    : failed == 0 ? null : $"{failed} of {report.Played + failed} messages were not taken by every transport");
        });
        return command;
    }

    /// <summary>With several cameras each gets what was recorded under its name; one gets everything.</summary>
    private static ReplayPlayer PlayerOf(
        RecordingReader reader, RobotFile file, IReadOnlyList<IReadOnlyList<IMessageTransport>> transports, ReplayOptions options) =>
        file.HasSeveral
            ? new ReplayPlayer(
                reader, file.Cameras.Zip(transports).ToDictionary(c => c.First.Camera.Name, c => c.Second, StringComparer.Ordinal), options)
            : new ReplayPlayer(reader, transports[0], options);

    private static async Task<ReplayReport> PlayAsync(string path, RobotFile file, ReplayOptions options, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggers = CommonOptions.CreateLoggers();
        using RecordingReader reader = RecordingFiles.Open(path, new McapReaderOptions { SkipDamagedChunks = true }, RecordingFormats.All);
        IReadOnlyList<IReadOnlyList<IMessageTransport>> ofCameras = PipelineBuilder.TransportsOf(file, loggers);
        List<IMessageTransport> transports = [.. ofCameras.SelectMany(t => t)];
        try
        {
            foreach (IMessageTransport transport in transports)
            {
                await transport.StartAsync(cancellationToken).ConfigureAwait(false);
            }

            return await PlayerOf(reader, file, ofCameras, options).PlayAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (IMessageTransport transport in transports)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
