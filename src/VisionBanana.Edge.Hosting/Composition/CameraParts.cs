using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>What the pipeline of one camera is put together from.</summary>
/// <param name="Source">The camera.</param>
/// <param name="Painter">The model, or the camera's share of it.</param>
/// <param name="Transports">Where messages go.</param>
/// <param name="PerceptSinks">What takes percepts without messages between.</param>
/// <param name="Owned">Disposed with the pipeline, in this order.</param>
internal sealed record CameraParts(
    ICameraSource Source, IPainter Painter, IReadOnlyList<IMessageTransport> Transports, IReadOnlyList<IPerceptSink> PerceptSinks,
    IReadOnlyList<IDisposable> Owned)
{
    /// <summary>What is around the camera.</summary>
    public required RobotSensors Sensors { get; init; }

    /// <summary>Takes another model by command, or null.</summary>
    public IModelSwitch? Models { get; init; }
}
