using System.CommandLine;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Cli.Viewing;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge run</c>.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo?>("pipeline.yaml") { Description = "The pipeline to run; without one: the demo.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> source = CommonOptions.Source();
        Option<FileInfo?> camera = CommonOptions.Camera();
        Option<double?> hfov = CommonOptions.Hfov();
        Option<string?> model = CommonOptions.Model();
        Option<string?> precision = CommonOptions.Precision();
        Option<string[]> instructions = CommonOptions.Instructions();
        Option<int?> frames = CommonOptions.Frames();
        var view = new Option<string?>("--view")
        {
            Description = "The live view on this address instead of 127.0.0.1, e.g. 0.0.0.0 or 127.0.0.1:9000; where others can reach it, it asks for a token.",
            HelpName = "ADDRESS[:PORT]",
        };
        var noView = new Option<bool>("--no-view") { Description = "Without the live view." };
        var open = new Option<bool>("--open") { Description = "Opens the live view in the browser." };
        var record = new Option<FileInfo?>("--record") { Description = "Records everything that is published into this MCAP file too." };
        var recordSource = new Option<bool>("--record-source")
        {
            Description = "With --record: also the camera's pictures, without loss, for replays through a model.",
        };
        Option<double?> keepFree = CommonOptions.KeepFree();
        Option<string?> topic = CommonOptions.Topic();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("run", "Runs a pipeline: camera → painter → percepts → MQTT and ZeroMQ.")
        {
            file, source, topic, camera, hfov, model, precision, instructions, frames, record, recordSource, keepFree, view, noView, open, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var pipeline = ToolSections.ReadAll(parsed.GetValue(file)?.ToString() ?? Assets.DemoPipeline);
            pipeline = pipeline.With(
                parsed.GetValue(source), parsed.GetValue(camera)?.ToString(), parsed.GetValue(hfov), parsed.GetValue(model), parsed.GetValue(instructions)
                    ?? [],
                parsed.GetValue(precision), parsed.GetValue(topic));
            ViewOptions? viewed = ViewOf(pipeline, parsed.GetValue(view), parsed.GetValue(noView), parsed.GetValue(open));
            RecordingRequest? recording = parsed.GetValue(record) is { } path ? new RecordingRequest(
                path.ToString(), parsed.GetValue(recordSource), parsed.GetValue(keepFree)) : null;
            if (recording is null && parsed.GetValue(recordSource))
            {
                throw new ConfigurationException("--record-source needs --record FILE: it says what goes into that file.");
            }

            return RunAsync(
                pipeline, parsed.GetValue(file)?.FullName, viewed, parsed.GetValue(frames), recording, parsed.GetValue(open), parsed.GetValue(json),
                cancellationToken);
        });
        return command;
    }

    private static ViewOptions? ViewOf(RobotFile file, string? address, bool none, bool open)
    {
        if (none && (address is not null || open))
        {
            throw new ConfigurationException("--no-view contradicts --view and --open: keep one of them.");
        }

        if (open && address is null && file.Section<ViewOptions>() is null)
        {
            throw new ConfigurationException($"{file.Path} turns the live view off (view: false): nothing to open. Turn it on with --view 127.0.0.1.");
        }

        ViewOptions? view = file.Section<ViewOptions>();
        return none ? null : address is null ? view : (view ?? new ViewOptions()).At(address);
    }

    private static async Task<int> RunAsync(
        RobotFile file, string? own, ViewOptions? viewed, int? frames, RecordingRequest? recording, bool open, bool json,
        CancellationToken cancellationToken)
    {
        using ILoggerFactory loggers = CommonOptions.CreateLoggers();
        LiveView? view = viewed is null ? null : new LiveView(viewed, [.. file.Cameras.Select(c => c.Camera.Name)]);

        // Opening a camera blocks for as long as the network lets it: a program that is stopped does not wait for it.
        Task<RobotRun> opening = Task.Run(
            () => RobotRun.OpenAsync(
                file,
                new PipelineRequest
                {
                    MaxFrames = frames,
                    Recording = recording,
                    PerceptSinks = camera => view is null ? [] : [view.Of(camera.Camera.Name)],
                    PicturesHeld = view is null ? 0 : CameraView.PicturesHeld,
                    Examine = (camera, source) => CalibrationGate.Pass(camera.Camera, source),
                    Ready = camera => Prepare(camera, view, recording is not null, file.HasSeveral ? null : own, file.HasSeveral),
                    Progress = new BuildPrinter(),
                    Clock = SteppedClock.OrSystem(),
                    Loggers = loggers,
                },
                cancellationToken),
            cancellationToken);
        RobotRun robot = await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        await using (robot.ConfigureAwait(false))
        {
            Task run = robot.RunAsync(cancellationToken);
            if (view is not null && await Task.WhenAny(view.Started, run).ConfigureAwait(false) == view.Started && view.Started.IsCompletedSuccessfully)
            {
                await TellAsync(await view.Started.ConfigureAwait(false), open, json).ConfigureAwait(false);
            }

            if (!json)
            {
                await RunTable.WatchAsync(robot, run).ConfigureAwait(false);
            }

            VisionBananaException? failure = null;
            try
            {
                await run.ConfigureAwait(false);
            }
            catch (VisionBananaException e) when (json)
            {
                failure = e;
                Failure.TellOnStandardError(e.Message);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The report says so.
            }
            finally
            {
                foreach (CameraRun camera in robot.Cameras)
                {
                    if (camera.Opened?.Replayed is { Recovery: { IsComplete: false } damage })
                    {
                        await Console.Error.WriteLineAsync($"vbedge: {camera.File.Camera.Source.Address} is {damage}").ConfigureAwait(false);
                    }
                }

                // What was measured is told even when the run failed: nothing is lost but the frames it counts.
                if (json)
                {
                    Console.WriteLine(file.HasSeveral
                        ? Json.Line(CamerasReport.From(robot, cancellationToken.IsCancellationRequested, failure))
                        : Json.Line(RunReport.From(robot.Cameras[0].Opened!, cancellationToken.IsCancellationRequested, failure)));
                }
                else
                {
                    RunTable.Summary(robot);
                }
            }

            return failure is not null ? Failure.CodeOf(failure)
                : cancellationToken.IsCancellationRequested ? ExitCode.Interrupted
                : robot.Recorder?.Problem is null ? ExitCode.Well : ExitCode.Failed;
        }
    }

    /// <summary>A camera is open and its pipeline put together.</summary>
    private static void Prepare(CameraRun camera, LiveView? view, bool isRecorded, string? own, bool isOneOfSeveral)
    {
        PipelineFile file = camera.File;
        OpenedPipeline opened = camera.Opened!;
        CalibrationGate.TellLeftOut(opened.Pipeline, file.Camera.View, isOneOfSeveral ? camera.Name : null);
        view?.Of(camera.Name).Attach(new ViewSubject(
            opened.Pipeline,
            file.Device,
            camera.Name,
            file.Camera.Mount,
            file.Navigation?.Zones ?? [],
            file.Cloud,
            path => opened.Recordings.Create(new RecordingRequest(path, IncludeSource: false)),
            isRecorded)
        {
            Calibration = file.Camera.Calibration,
            ZonesFile = own is null ? null : new ZonesFile(own, ToolSections.Read),
        });
    }

    /// <summary>Says where the live view is: with JSON on standard output, on standard error.</summary>
    private static async Task TellAsync(Uri address, bool open, bool json)
    {
        await (json ? Console.Error : Console.Out).WriteLineAsync($"vbedge: live view at {address}").ConfigureAwait(false);
        if (!ViewPage.IsBuilt)
        {
            await Console.Error.WriteLineAsync(
                "vbedge: the live view has no page: Node.js was missing when this program was built. Install nodejs and npm and build "
                    + "again.").ConfigureAwait(false);
        }

        if (open && !Browser.TryOpen(address))
        {
            await Console.Error.WriteLineAsync($"vbedge: no browser can be opened from here: open {address} yourself.").ConfigureAwait(false);
        }
    }
}
