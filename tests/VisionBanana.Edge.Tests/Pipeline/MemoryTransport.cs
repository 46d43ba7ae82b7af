using System.Collections.Concurrent;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Tests.Pipeline;

/// <summary>A sink whose speed and faults a test decides.</summary>
internal sealed class MemoryTransport(string name = "memory") : IMessageTransport
{
    public Func<WireMessage, CancellationToken, ValueTask<DropReason?>> OnSend { get; init; } = (_, _) => default;

    public ConcurrentQueue<(string Stream, long Sequence)> Sent { get; } = new();

    public bool IsDisposed { get; private set; }

    public string Name => name;

    public string State => "open";

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask<DropReason?> SendAsync(WireMessage message, CancellationToken cancellationToken)
    {
        DropReason? reason = await OnSend(message, cancellationToken);
        if (reason is null)
        {
            Sent.Enqueue((message.Stream, message.SequenceNumber));
        }

        return reason;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return default;
    }
}
