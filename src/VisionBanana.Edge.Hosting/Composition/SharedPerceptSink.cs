using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>A percept sink that takes the frames of several cameras, one at a time: started with the first, closed with the last.</summary>
internal sealed class SharedPerceptSink : IPerceptSink
{
    private readonly Holder _holder;
    private int _disposed;

    private SharedPerceptSink(Holder holder) => _holder = holder;

    public string Name => _holder.Sink.Name;

    public string State => _holder.Sink.State;

    /// <summary>One for each camera; every one of them must be disposed.</summary>
    public static IReadOnlyList<IPerceptSink> Split(IPerceptSink sink, int cameras)
    {
        if (cameras == 1)
        {
            // Not hidden: it may take commands.
            return [sink];
        }

        var holder = new Holder(sink, cameras);
        return [.. Enumerable.Range(0, cameras).Select(_ => new SharedPerceptSink(holder))];
    }

    public Task StartAsync(CancellationToken cancellationToken) => _holder.StartAsync(cancellationToken);

    public DropReason? Show(PerceptionFrame frame) => _holder.Show(frame);

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _disposed, 1) == 0 ? _holder.ReleaseAsync() : default;

    private sealed class Holder(IPerceptSink sink, int cameras)
    {
        private readonly Lock _gate = new(), _turn = new();
        private Task? _start;
        private int _cameras = cameras;

        public IPerceptSink Sink => sink;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                return _start ??= sink.StartAsync(cancellationToken);
            }
        }

        public DropReason? Show(PerceptionFrame frame)
        {
            lock (_turn)
            {
                return sink.Show(frame);
            }
        }

        public ValueTask ReleaseAsync() => Interlocked.Decrement(ref _cameras) == 0 ? sink.DisposeAsync() : default;
    }
}
