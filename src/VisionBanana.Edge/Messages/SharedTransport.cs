using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// Makes of one connection a transport for each of several cameras: opened with the first that is opened, closed with the last that is closed. Each has
/// a queue and books of its own in its pipeline.
/// </summary>
public static class SharedTransport
{
    /// <summary>One transport for each camera; every one of them must be disposed.</summary>
    /// <param name="transport">The connection, which becomes theirs.</param>
    /// <param name="cameras">The cameras' names in topics.</param>
    public static IReadOnlyList<IMessageTransport> Split(ISharedTransport transport, IReadOnlyList<string> cameras)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(cameras);
        var connection = new Connection(transport, cameras.Count);
        return [.. cameras.Select(camera => new Branch(connection, camera))];
    }

    private sealed class Connection(ISharedTransport transport, int holders) : IAsyncDisposable
    {
        private readonly SemaphoreSlim _turn = new(1, 1);
        private readonly Lock _gate = new();
        private Task? _start;
        private int _holders = holders;

        public ISharedTransport Transport => transport;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                return _start ??= transport.StartAsync(cancellationToken);
            }
        }

        public async ValueTask<DropReason?> SendAsync(string camera, WireMessage message, CancellationToken cancellationToken)
        {
            try
            {
                await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return DropReason.Stopped;
            }

            try
            {
                return await transport.SendAsync(camera, message, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        }

        /// <summary>One transport less; the last one closes it.</summary>
        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Decrement(ref _holders) == 0)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
                _turn.Dispose();
            }
        }
    }

    private sealed class Branch(Connection connection, string camera) : IMessageTransport
    {
        private int _disposed;

        public string Name => connection.Transport.Name;

        public string State => connection.Transport.State;

        public Task StartAsync(CancellationToken cancellationToken) => connection.StartAsync(cancellationToken);

        public ValueTask<DropReason?> SendAsync(WireMessage message, CancellationToken cancellationToken) =>
            connection.SendAsync(camera, message, cancellationToken);

        public ValueTask DisposeAsync() => Interlocked.Exchange(ref _disposed, 1) == 0 ? connection.DisposeAsync() : default;
    }
}
