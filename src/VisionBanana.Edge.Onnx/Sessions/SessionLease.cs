namespace VisionBanana.Edge.Onnx.Sessions;

/// <summary>A share in a session; the last one to be disposed closes it.</summary>
internal sealed class SessionLease(PooledSession session, Action giveBack) : IDisposable
{
    private Action? _giveBack = giveBack;

    public PooledSession Session { get; } = session;

    public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke();
}
