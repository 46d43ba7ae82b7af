using System.Reactive.Disposables;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Cli.Commands;
using VisionBanana.Edge.Cli.Configuration;
using VisionBanana.Edge.Cli.Viewing;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Cli.Composition;

/// <summary>Turns a pipeline file into the parts of a pipeline. Everything that can be checked is checked here, before the first frame.</summary>
internal static class PipelineBuilder
{
    /// <summary>Opens model, camera and transports.</summary>
    /// <param name="file">The pipeline.</param>
    /// <param name="maxFrames">Ends the run after so many captured pictures; null = when the source ends.</param>
    /// <param name="recording">What to record, or null.</param>
    /// <param name="loggers">Told what goes wrong without ending the run.</param>
    /// <param name="cancellationToken">Ends the building of an engine.</param>
    /// <returns>The pipeline with its parts, the live view if there is one, and what must be disposed after the run.</returns>
    /// <exception cref="VisionBananaException">Something the file names cannot be used.</exception>
    public static async Task<BuiltPipeline> BuildAsync(
        PipelineFile file, long? maxFrames, RecordingRequest? recording, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ILogger logger = loggers.CreateLogger("vbedge");
        var ledger = new FlowLedger();
        var latencies = new StageLatencies();
        var choice = PainterChoice.Of(file.Painter.Model);
        ICameraSource source = CameraOpener.Open(file.Camera, ledger, logger);
        var status = new EngineBuildStatus(file.Device, TransportFactory.Create(file, loggers, mayBeNone: recording is not null || file.View is not null), new BuildPrinter());
        List<IMessageTransport> transports = [.. status.Transports];
        IPainter painter = await LoadAsync(choice, file.Painter.Execution, status, source, cancellationToken).ConfigureAwait(false);
        var images = new OpenCvImageEncoder();
        var resources = new CompositeDisposable(images, painter);
        if (source is IDisposable disposable)
        {
            resources.Add(disposable);
        }

        if (recording is not null)
        {
            var recorder = new RecordingTransport(RecordingFor(recording, file, choice, painter.Description));
            source = recorder.Tap(source);
            transports.Add(recorder);
        }

        try
        {
            IReadOnlyList<ScheduledInstruction> instructions = InstructionEntry.Parse(file.Instructions, painter);
            var perceiver = new Perceiver(painter, new InstructionSchedule(instructions), OptionsOf(file), latencies);
            perceiver.RequireCalibrationFor(source.Intrinsics);
            LiveView? view = file.View is null ? null : OpenView(file.View, resources);
            var parts = new PipelineParts
            {
                Device = file.Device,
                Source = source,
                Perceiver = perceiver,
                Painter = painter.Description,
                Images = images,
                Streams = file.Streams with { Mount = file.Camera.Mount },
                Transports = transports,
                PerceptSinks = view is null ? [] : [view],
                Sinks = file.Sinks,
                Overlap = Overlaps(file, painter.Description),
                MaxFrames = maxFrames,
                Ledger = ledger,
                Latencies = latencies,
                Logger = logger,
            };
            var pipeline = new PerceptionPipeline(parts);
            view?.Attach(new ViewSubject(
                pipeline,
                parts,
                file.Camera.Name,
                file.Cloud,
                path => new RecordingTransport(RecordingFor(new RecordingRequest(path, IncludeSource: false), file, choice, painter.Description)),
                recording is not null));
            return new BuiltPipeline(pipeline, parts, view, resources);
        }
        catch
        {
            resources.Dispose();
            await status.AbandonAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<IPainter> LoadAsync(
        PainterChoice choice, ExecutionOptions options, EngineBuildStatus status, ICameraSource source, CancellationToken cancellationToken)
    {
        try
        {
            // A builder in a native library cannot be interrupted: Ctrl-C does not wait for it.
            return await Task.Run(() => choice.Load(options, status, cancellationToken), cancellationToken)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            (source as IDisposable)?.Dispose();
            await status.AbandonAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>How pictures become percepts.</summary>
    public static PerceiveOptions OptionsOf(PipelineFile file) => new()
    {
        Size = file.OutputSize,
        Cloud = file.Streams.Cloud is null ? null : file.Cloud,
        // The view holds the picture that waits, the one it shows, the last one and one of a snapshot.
        PoolCapacity = new PerceiveOptions().PoolCapacity + (file.View is null ? 0 : 4),
        Support = file.Painter.UsesMount && file.Camera.Mount is { } mount ? SupportPlane.Of(mount) : null,
    };

    /// <summary>Whether stages run beside each other: as the file says, or where the painter leaves processors free.</summary>
    public static bool Overlaps(PipelineFile file, PainterDescription painter) =>
        file.Painter.Overlap
        ?? (painter.Provider != ExecutionProvider.Cpu.Name()
            || (file.Painter.Execution.Threads ?? ProcessorTopology.DefaultThreads) < Environment.ProcessorCount);

    private static LiveView OpenView(ViewOptions options, CompositeDisposable resources)
    {
        // An encoder of its own: the view and the messages do not wait for each other.
        var images = new OpenCvImageEncoder();
        resources.Add(images);
        return new LiveView(options, images);
    }

    private static RecordingOptions RecordingFor(RecordingRequest request, PipelineFile file, PainterChoice choice, PainterDescription painter)
    {
        var attachments = new List<McapAttachment> { Attachment(choice.Path, Path.GetFileName(choice.Path)), Attachment(file.Path, "pipeline.yaml") };
        if (file.Camera.Calibration is { } calibration)
        {
            attachments.Add(Attachment(calibration, "camera.yaml"));
        }

        return new RecordingOptions
        {
            Path = request.Path,
            Device = file.Device,
            Camera = file.Camera.Name,
            IncludeSource = request.IncludeSource,
            Attachments = attachments,
            Metadata = new Dictionary<string, string>
            {
                ["model"] = $"{painter.Name} {painter.Version}",
                ["model_sha256"] = painter.Sha256,
                ["provider"] = painter.Provider,
            },
        };
    }

    private static McapAttachment Attachment(string path, string name) => new(name, "application/yaml", File.ReadAllBytes(path));
}
