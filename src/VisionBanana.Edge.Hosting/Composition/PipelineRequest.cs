using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>What a program adds to a pipeline file.</summary>
internal sealed record PipelineRequest
{
    /// <summary>Ends the run after so many captured pictures; null = when the source ends.</summary>
    public long? MaxFrames { get; init; }

    /// <summary>What to record, or null.</summary>
    public RecordingRequest? Recording { get; init; }

    /// <summary>What takes the percepts of a camera as they are; closed by its pipeline.</summary>
    public Func<PipelineFile, IReadOnlyList<IPerceptSink>> PerceptSinks { get; init; } = _ => [];

    /// <summary>Pictures that percept sinks may hold beside what the pipeline needs.</summary>
    public int PicturesHeld { get; init; }

    /// <summary>Looks at the camera as soon as it is open, before the model is loaded; may refuse it.</summary>
    public Action<PipelineFile, ICameraSource> Examine { get; init; } = (_, _) => { };

    /// <summary>Called for each camera when its pipeline was put together, before it runs: at once, or when a camera that was absent has come.</summary>
    public Action<CameraRun> Ready { get; init; } = _ => { };

    /// <summary>Told how the building of an engine goes; null = nobody.</summary>
    public IProgress<EngineBuildProgress>? Progress { get; init; }

    /// <summary>The clock of stamps and durations.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Told what goes wrong without ending the run.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}
