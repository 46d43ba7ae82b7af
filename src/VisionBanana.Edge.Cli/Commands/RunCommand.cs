using System.CommandLine;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Cli.Composition;
using VisionBanana.Edge.Cli.Configuration;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge run</c>.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo?>("pipeline.yaml") { Description = "The pipeline to run; without one: the demo.", Arity = ArgumentArity.ZeroOrOne };
        file.RefuseOptions();
        var source = new Option<string?>("--source") { Description = "Pictures from here instead: a video, an image or a folder of images, /dev/videoN, rtsp://… or http://…" };
        Option<FileInfo?> camera = CommonOptions.Camera();
        Option<double?> hfov = CommonOptions.Hfov();
        Option<string?> model = CommonOptions.Model();
        Option<string[]> instructions = CommonOptions.Instructions();
        var frames = new Option<int?>("--frames") { Description = "Ends after so many captured pictures." };
        frames.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is <= 0)
            {
                result.AddError("--frames: expected at least 1.");
            }
        });
        var noView = new Option<bool>("--no-view") { Description = "Without the live view (this version has none yet)." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("run", "Runs a pipeline: camera → painter → percepts → MQTT and ZeroMQ.")
        {
            file, source, camera, hfov, model, instructions, frames, noView, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var pipeline = PipelineFile.Read(parsed.GetValue(file)?.ToString() ?? Assets.DemoPipeline);
            pipeline = pipeline.With(
                parsed.GetValue(source), parsed.GetValue(camera)?.ToString(), parsed.GetValue(hfov), parsed.GetValue(model), parsed.GetValue(instructions) ?? []);
            return RunAsync(pipeline, parsed.GetValue(frames), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(PipelineFile file, int? frames, bool json, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggers = LoggerFactory.Create(builder => builder.AddProvider(new StandardErrorLogger()));
        (PipelineParts parts, IDisposable resources) = PipelineBuilder.Build(file, frames, loggers);
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
