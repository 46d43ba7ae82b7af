using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>Turns a pipeline file into a pipeline. Everything that can be checked is checked here, before the first frame.</summary>
internal static class PipelineBuilder
{
    /// <summary>Opens model, camera and transports of a file of one camera.</summary>
    /// <param name="file">The pipeline.</param>
    /// <param name="request">What the program adds.</param>
    /// <param name="cancellationToken">Ends the building of an engine.</param>
    /// <exception cref="VisionBananaException">Something the file names cannot be used.</exception>
    public static async Task<OpenedPipeline> BuildAsync(PipelineFile file, PipelineRequest request, CancellationToken cancellationToken) =>
        (await RobotRun.OpenAsync(RobotFile.Of(file), request, cancellationToken).ConfigureAwait(false)).Cameras[0].Opened!;

    /// <summary>Makes the transports that a file names, a list for each of its cameras; nothing is opened yet.</summary>
    /// <param name="file">The pipeline.</param>
    /// <param name="loggers">Told about losses and returns.</param>
    /// <param name="mayBeNone">Something else takes what is perceived: no transport is needed.</param>
    /// <exception cref="ConfigurationException">There is none, or an option cannot work.</exception>
    public static IReadOnlyList<IReadOnlyList<IMessageTransport>> TransportsOf(RobotFile file, ILoggerFactory loggers, bool mayBeNone = false)
    {
        ISinkEntry[][] entries = [.. file.Cameras.Select(c => c.Sections.OfType<ISinkEntry>().ToArray())];
        if (entries[0].Length == 0 && !mayBeNone)
        {
            throw new ConfigurationException(
                $"{file.Path}: percepts would go nowhere: expected a section mqtt, zeromq or foxglove, --record or the live view, found none.");
        }

        // By section, then by camera.
        IReadOnlyList<IMessageTransport>[] made = [.. entries[0].Select((e, i) => e.Create([.. entries.Select(ofCamera => ofCamera[i])], loggers))];
        return [.. file.Cameras.Select((_, camera) => made.Select(ofSection => ofSection[camera]).ToArray())];
    }

    /// <summary>Puts the pipeline of one camera together.</summary>
    /// <param name="file">The camera and what is asked of it.</param>
    /// <param name="parts">What is open already; its owned parts are disposed by the pipeline; when there will be none, they stay the caller's.</param>
    /// <param name="request">What the program adds.</param>
    /// <param name="logger">Told what goes wrong without ending the run.</param>
    /// <exception cref="VisionBananaException">They do not fit together.</exception>
    public static PerceptionPipeline Build(PipelineFile file, CameraParts parts, PipelineRequest request, ILogger logger)
    {
        var images = new OpenCvImageEncoder();
        try
        {
            return new PerceptionPipeline(new PipelineParts
            {
                Device = file.Device,
                Camera = file.Camera.Name,
                Source = parts.Source,
                Painter = parts.Painter,
                Instructions = InstructionEntry.Parse(file.Instructions, parts.Painter),
                Perceive = OptionsOf(file, request.PicturesHeld) with { Mount = parts.Sensors.Mount, Scale = parts.Sensors.Scale },
                Images = images,
                Streams = file.Streams with { Mount = file.Camera.Mount },
                Transports = parts.Transports,
                PerceptSinks = parts.PerceptSinks,
                Sensors = parts.Sensors.Links,
                Sinks = file.Sinks,
                Overlap = Overlaps(file, parts.Painter.Description),
                MaxFrames = request.MaxFrames,
                Models = parts.Models,
                Owned = [.. parts.Owned, images],
                Clock = request.Clock,
                Logger = logger,
            });
        }
        catch
        {
            images.Dispose();
            throw;
        }
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
}
