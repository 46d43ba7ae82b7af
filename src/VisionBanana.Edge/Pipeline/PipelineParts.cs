using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Sensors;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// What a <see cref="PerceptionPipeline"/> is put together from. Transports, percept sinks, sensors and what is <see cref="Owned"/> are closed by the
/// pipeline; source and painter stay the caller's.
/// </summary>
public sealed record PipelineParts
{
    /// <summary>The camera.</summary>
    public required ICameraSource Source { get; init; }

    /// <summary>The model.</summary>
    public required IPainter Painter { get; init; }

    /// <summary>What is asked of which picture, at least one.</summary>
    public required IReadOnlyList<ScheduledInstruction> Instructions { get; init; }

    /// <summary>How pictures become percepts; by default with a cloud where depth is asked.</summary>
    public PerceiveOptions Perceive { get; init; } = new() { Cloud = new CloudOptions() };

    /// <summary>Compresses pictures; needed where a transport is given and a stream is compressed (<c>color</c>, <c>painting</c>, depth as PNG).</summary>
    public IImageEncoder? Images { get; init; }

    /// <summary>What is published.</summary>
    public StreamOptions Streams { get; init; } = new();

    /// <summary>Where to.</summary>
    public IReadOnlyList<IMessageTransport> Transports { get; init; } = [];

    /// <summary>What takes percepts without messages between.</summary>
    public IReadOnlyList<IPerceptSink> PerceptSinks { get; init; } = [];

    /// <summary>Sensors of the robot that are listened to during the run: opened after the transports, closed before them.</summary>
    public IReadOnlyList<ISensorLink> Sensors { get; init; } = [];

    /// <summary>The queue before each transport.</summary>
    public SinkOptions Sinks { get; init; } = new();

    /// <summary>
    /// Rectifies the next picture and decodes, encodes and hands out the one before while one is painted
    /// (<see cref="PerceiveOperator.PerceiveOverlapped"/>); false = one after the other. Worth it where the painter leaves processors free.
    /// </summary>
    public bool Overlap { get; init; }

    /// <summary>Ends the run after so many captured pictures; null = when the source ends.</summary>
    public long? MaxFrames { get; init; }

    /// <summary>The device's name: the hardware id of diagnostics.</summary>
    public string Device { get; init; } = "robot";

    /// <summary>The camera's name: tells the measurements of several cameras of a device apart.</summary>
    public string Camera { get; init; } = "camera";

    /// <summary>Takes another model by command; null = such commands are refused.</summary>
    public IModelSwitch? Models { get; init; }

    /// <summary>Disposed with the pipeline, in this order, after everything that runs has ended.</summary>
    public IReadOnlyList<IDisposable> Owned { get; init; } = [];

    /// <summary>Time of stamps, durations and the diagnostics timer.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Gets what goes wrong without ending the run.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
