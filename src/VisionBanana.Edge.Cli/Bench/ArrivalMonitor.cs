using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>A sink that notes when the last message of each picture arrived, and nothing else.</summary>
internal sealed class ArrivalMonitor(int capacity) : IMessageTransport
{
    private readonly long[] _received = new long[capacity];

    public string Name => "monitor";

    public string State => "open";

    /// <summary>Monotonic nanoseconds by sequence number; 0 = did not arrive.</summary>
    public ReadOnlySpan<long> Received => _received;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<DropReason?> SendAsync(WireMessage message, CancellationToken cancellationToken)
    {
        if (!message.IsState && message.SequenceNumber < _received.Length)
        {
            _received[message.SequenceNumber] = CaptureTime.MonotonicNow(TimeProvider.System);
        }

        return default;
    }

    public ValueTask DisposeAsync() => default;
}
