using System.Threading.Tasks.Sources;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.ZeroMq;

/// <summary>
/// Hands one message at a time to the thread that owns the socket and gives the caller a task for it, without allocating.
/// </summary>
internal sealed class SendHandover : IValueTaskSource<DropReason?>, IDisposable
{
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly SemaphoreSlim _turn = new(1, 1);

    // Continuations must not run on the socket's thread: it would encode and publish for others.
    private ManualResetValueTaskSourceCore<DropReason?> _done = new() { RunContinuationsAsynchronously = true };
    private (string Camera, WireMessage Message)? _message;
    private bool _closed;

    /// <summary>True once no more messages are taken.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>Puts a message down for the socket's thread; a second caller waits for its turn.</summary>
    public ValueTask<DropReason?> SendAsync(string camera, WireMessage message, CancellationToken cancellationToken) =>
        _turn.Wait(0, CancellationToken.None) ? Put(camera, message) : WaitAndPutAsync(camera, message, cancellationToken);

    /// <summary>Waits for a message, the closing or the end of the time given; null when there is no message.</summary>
    public (string Camera, WireMessage Message)? Take(TimeSpan limit)
    {
        _wake.WaitOne(limit);
        lock (_gate)
        {
            (string, WireMessage)? message = _message;
            _message = null;
            return message;
        }
    }

    /// <summary>Tells the caller how it went.</summary>
    public void Complete(DropReason? result) => _done.SetResult(result);

    /// <summary>Takes no more messages.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _wake.Set();
        }
    }

    public DropReason? GetResult(short token)
    {
        DropReason? result = _done.GetResult(token);
        _turn.Release();
        return result;
    }

    public ValueTaskSourceStatus GetStatus(short token) => _done.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _done.OnCompleted(continuation, state, token, flags);

    public void Dispose() => _wake.Dispose();

    private ValueTask<DropReason?> Put(string camera, WireMessage message)
    {
        lock (_gate)
        {
            if (_closed)
            {
                _turn.Release();
                return new ValueTask<DropReason?>(DropReason.Stopped);
            }

            _message = (camera, message);
            _done.Reset();
            _wake.Set();
            return new ValueTask<DropReason?>(this, _done.Version);
        }
    }

    private async ValueTask<DropReason?> WaitAndPutAsync(string camera, WireMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return DropReason.Stopped;
        }

        return await Put(camera, message).ConfigureAwait(false);
    }
}
