using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>Turns a pipeline file into a pipeline. Everything that can be checked is checked here, before the first frame.</summary>
internal static partial class PipelineBuilder
{
    /// <summary>Opens model, camera and transports.</summary>
    /// <param name="file">The pipeline.</param>
    /// <param name="request">What the program adds; what it owns is disposed by the pipeline, and here when there will be none.</param>
    /// <param name="cancellationToken">Ends the building of an engine.</param>
    /// <exception cref="VisionBananaException">Something the file names cannot be used.</exception>
    public static async Task<OpenedPipeline> BuildAsync(
        PipelineFile file, PipelineRequest request, CancellationToken cancellationToken)
    {
        var owned = new List<IDisposable>();
        EngineBuildStatus? status = null;
        try
        {
            ILogger logger = request.Loggers.CreateLogger("vbedge");
            var choice = PainterChoice.Of(file.Painter.Model);
            foreach (string warning in ExposedSecrets.Of(file, choice.Path))
            {
                LogExposed(logger, warning);
            }

            ICameraSource source = await CameraOpener.OpenAsync(file.Camera, request.Clock, logger, cancellationToken).ConfigureAwait(false);
            owned.Add(source);
            request.Examine(source);
            List<IPerceptSink> sinks = [.. request.PerceptSinks, .. file.Sections.OfType<IPerceptSinkEntry>().Select(s => s.Create())];
            bool mayBeNone = request.Recording is not null || sinks.Count > 0;
            status = new EngineBuildStatus(file.Device, TransportsOf(file, request.Loggers, mayBeNone), request.Progress);
            List<IMessageTransport> transports = [.. status.Transports];
            IPainter painter = await LoadAsync(choice, file.Painter.Execution, status, cancellationToken).ConfigureAwait(false);
            owned.Insert(0, painter);
            var images = new OpenCvImageEncoder();
            owned.Add(images);
            owned.AddRange(request.Owned);
            var recordings = new RecordingFactory(file, choice.Path, painter.Description, logger);
            var replayed = (source as TurnedSource)?.Inner as RecordingSource ?? source as RecordingSource;
            RecordingTransport? recorder = null;
            if (request.Recording is { } recording)
            {
                recorder = recordings.Create(recording);
                source = recorder.Tap(source);
                transports.Add(recorder);
            }

            var sensors = RobotSensors.Of(file, painter.Description, request.Loggers, request.Clock);
            var pipeline = new PerceptionPipeline(new PipelineParts
            {
                Device = file.Device,
                Source = source,
                Painter = painter,
                Instructions = InstructionEntry.Parse(file.Instructions, painter),
                Perceive = OptionsOf(file, request.PicturesHeld) with { Mount = sensors.Mount, Scale = sensors.Scale },
                Images = images,
                Streams = file.Streams with { Mount = file.Camera.Mount },
                Transports = transports,
                PerceptSinks = sinks,
                Sensors = sensors.Links,
                Sinks = file.Sinks,
                Overlap = Overlaps(file, painter.Description),
                MaxFrames = request.MaxFrames,
                Owned = owned,
                Clock = request.Clock,
                Logger = logger,
            });
            return new OpenedPipeline(pipeline, recordings, recorder, replayed);
        }
        catch
        {
            owned.ForEach(o => o.Dispose());
            if (status is not null)
            {
                await status.AbandonAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>Makes the transports that a file names; nothing is opened yet.</summary>
    /// <param name="file">The pipeline.</param>
    /// <param name="loggers">Told about losses and returns.</param>
    /// <param name="mayBeNone">Something else takes what is perceived: no transport is needed.</param>
    /// <exception cref="ConfigurationException">There is none, or an option cannot work.</exception>
    public static List<IMessageTransport> TransportsOf(PipelineFile file, ILoggerFactory loggers, bool mayBeNone = false)
    {
        List<IMessageTransport> transports = [.. file.Sections.OfType<ISinkEntry>().Select(s => s.Create(loggers))];
        return transports.Count > 0 || mayBeNone
            ? transports
            : throw new ConfigurationException(
                $"{file.Path}: percepts would go nowhere: expected a section mqtt, zeromq or foxglove, --record or the live view, found none.");
    }

    /// <summary>How pictures become percepts.</summary>
    /// <param name="file">The pipeline.</param>
    /// <param name="held">Pictures that others may hold beside what the pipeline needs.</param>
    public static PerceiveOptions OptionsOf(PipelineFile file, int held = 0) => new()
    {
        Size = file.OutputSize,
        Cloud = file.Streams.Cloud is null ? null : file.Cloud,
        Navigation = file.Navigation,
        PoolCapacity = new PerceiveOptions().PoolCapacity + held,
        View = file.Camera.View,
        Support = file.Painter.UsesMount && file.Camera.Mount is { } mount ? SupportPlane.Of(mount) : null,
    };

    /// <summary>Whether stages run beside each other: as the file says, or where the painter leaves processors free.</summary>
    public static bool Overlaps(PipelineFile file, PainterDescription painter) =>
        file.Painter.Overlap
        ?? (painter.Provider != ExecutionProvider.Cpu.Name()
            || (file.Painter.Execution.Threads ?? ProcessorTopology.DefaultThreads) < Environment.ProcessorCount);

    // A builder in a native library cannot be interrupted: a program that is stopped does not wait for it.
    private static Task<IPainter> LoadAsync(PainterChoice choice, ExecutionOptions options, EngineBuildStatus status, CancellationToken cancellationToken) =>
        Task.Run(() => choice.Load(options, status, cancellationToken), cancellationToken).WaitAsync(cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private static partial void LogExposed(ILogger logger, string warning);
}
