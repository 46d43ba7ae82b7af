using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>What a <see cref="PerceptionPipeline"/> is put together from. The parts stay the caller's, except transports and percept sinks, which the pipeline closes.</summary>
public sealed record PipelineParts
{
    /// <summary>The device's name: the hardware id of diagnostics.</summary>
    public required string Device { get; init; }

    /// <summary>The camera, counting into <see cref="Ledger"/>.</summary>
    public required ICameraSource Source { get; init; }

    /// <summary>The way from pictures to percepts.</summary>
    public required Perceiver Perceiver { get; init; }

    /// <summary>The model, for reports.</summary>
    public required PainterDescription Painter { get; init; }

    /// <summary>Compresses pictures.</summary>
    public required IImageEncoder Images { get; init; }

    /// <summary>What is published.</summary>
    public StreamOptions Streams { get; init; } = new();

    /// <summary>Where to.</summary>
    public required IReadOnlyList<IMessageTransport> Transports { get; init; }

    /// <summary>What takes percepts without messages between; closed by the pipeline as the transports are.</summary>
    public IReadOnlyList<IPerceptSink> PerceptSinks { get; init; } = [];

    /// <summary>The queue before each transport.</summary>
    public SinkOptions Sinks { get; init; } = new();

    /// <summary>
    /// Rectifies the next picture and decodes, encodes and hands out the one before while one is painted
    /// (<see cref="PerceiveOperator.PerceiveOverlapped"/>); false = one after the other. Worth it where the painter leaves processors free.
    /// </summary>
    public bool Overlap { get; init; }

    /// <summary>Ends the run after so many captured pictures; null = when the source ends.</summary>
    public long? MaxFrames { get; init; }

    /// <summary>The books of this run.</summary>
    public required FlowLedger Ledger { get; init; }

    /// <summary>The durations of this run.</summary>
    public required StageLatencies Latencies { get; init; }

    /// <summary>Time of stamps, durations and the diagnostics timer.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Gets what goes wrong without ending the run.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
