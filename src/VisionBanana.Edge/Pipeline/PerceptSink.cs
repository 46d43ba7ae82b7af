using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>A sink from code: a delegate that is called with each frame, on a thread of its own.</summary>
/// <param name="name">Name in reports.</param>
/// <param name="show">Takes a borrowed frame; one that throws costs this frame, which is counted as dropped.</param>
public sealed class PerceptSink(string name, Action<PerceptionFrame> show) : IPerceptSink
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string State => "running";

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public DropReason? Show(PerceptionFrame frame)
    {
        show(frame);
        return null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
