using System.CommandLine;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Cli.Composition;
using VisionBanana.Edge.Cli.Configuration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge run</c>.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo?>("pipeline.yaml") { Description = "The pipeline to run; without one: the demo.", Arity = ArgumentArity.ZeroOrOne };
        file.RefuseOptions();
        Option<string?> source = CommonOptions.Source();
        Option<FileInfo?> camera = CommonOptions.Camera();
        Option<double?> hfov = CommonOptions.Hfov();
        Option<string?> model = CommonOptions.Model();
        Option<string?> precision = CommonOptions.Precision();
        Option<string[]> instructions = CommonOptions.Instructions();
        Option<int?> frames = CommonOptions.Frames();
        var noView = new Option<bool>("--no-view") { Description = "Without the live view (this version has none yet)." };
        var record = new Option<FileInfo?>("--record") { Description = "Records everything that is published into this MCAP file too." };
        var recordSource = new Option<bool>("--record-source") { Description = "With --record: also the camera's pictures, without loss, for replays through a model." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("run", "Runs a pipeline: camera → painter → percepts → MQTT and ZeroMQ.")
        {
            file, source, camera, hfov, model, precision, instructions, frames, record, recordSource, noView, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var pipeline = PipelineFile.Read(parsed.GetValue(file)?.ToString() ?? Assets.DemoPipeline);
            pipeline = pipeline.With(
                parsed.GetValue(source), parsed.GetValue(camera)?.ToString(), parsed.GetValue(hfov), parsed.GetValue(model), parsed.GetValue(instructions) ?? [],
                parsed.GetValue(precision));
            RecordingRequest? recording = parsed.GetValue(record) is { } path ? new RecordingRequest(path.ToString(), parsed.GetValue(recordSource)) : null;
            if (recording is null && parsed.GetValue(recordSource))
            {
                throw new ConfigurationException("--record-source needs --record FILE: it says what goes into that file.");
            }

            return RunAsync(pipeline, parsed.GetValue(frames), recording, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(PipelineFile file, int? frames, RecordingRequest? recording, bool json, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggers = CommonOptions.CreateLoggers();
        (PipelineParts parts, IDisposable resources) = await PipelineBuilder.BuildAsync(file, frames, recording, loggers, cancellationToken).ConfigureAwait(false);
        using (resources)
        {
            var pipeline = new PerceptionPipeline(parts);
            Task run = pipeline.RunAsync(cancellationToken);
            if (!json)
            {
                await RunTable.WatchAsync(pipeline, parts, run).ConfigureAwait(false);
            }

            try
            {
                await run.ConfigureAwait(false);
            }
            finally
            {
                // What was measured is told even when the run failed: nothing is lost but the frames it counts.
                PipelineReport report = pipeline.Report();
                if (json)
                {
                    Console.WriteLine(Json.Line(RunReport.From(report, parts, cancellationToken.IsCancellationRequested)));
                }
                else
                {
                    RunTable.Summary(report, parts);
                }
            }

            return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Well;
        }
    }
}
