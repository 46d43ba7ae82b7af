using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Tests.Pipeline;

/// <summary>A percept sink whose speed and faults a test decides.</summary>
internal sealed class MemoryPerceptSink(string name) : IPerceptSink
{
    public Func<PerceptionFrame, DropReason?> OnShow { get; init; } = _ => null;

    public bool IsDisposed { get; private set; }

    public string Name => name;

    public string State => "open";

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public DropReason? Show(PerceptionFrame frame) => OnShow(frame);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return default;
    }
}
