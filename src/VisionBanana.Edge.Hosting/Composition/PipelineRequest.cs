using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
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

    /// <summary>Take percepts as they are; closed by the pipeline.</summary>
    public IReadOnlyList<IPerceptSink> PerceptSinks { get; init; } = [];

    /// <summary>Pictures that percept sinks may hold beside what the pipeline needs.</summary>
    public int PicturesHeld { get; init; }

    /// <summary>Disposed with the pipeline.</summary>
    public IReadOnlyList<IDisposable> Owned { get; init; } = [];

    /// <summary>Looks at the camera as soon as it is open, before the model is loaded; may refuse it.</summary>
    public Action<ICameraSource> Examine { get; init; } = _ => { };

    /// <summary>Told how the building of an engine goes; null = nobody.</summary>
    public IProgress<EngineBuildProgress>? Progress { get; init; }

    /// <summary>The clock of stamps and durations.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Told what goes wrong without ending the run.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}
