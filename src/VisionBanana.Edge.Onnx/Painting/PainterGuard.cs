namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>
/// Keeps what a painter holds of native memory alive while it is used: one call at a time, and disposing during a call takes effect when the call ends.
/// </summary>
/// <param name="painter">What errors call it.</param>
/// <param name="release">Frees everything; called once.</param>
internal sealed class PainterGuard(string painter, Action release)
{
    private const int Idle = 0, Busy = 1, Disposed = 2, DisposedWhileBusy = 3;

    private int _state;

    /// <summary>Begins a call; <see cref="Exit"/> has to follow.</summary>
    /// <exception cref="ObjectDisposedException">The painter was disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in a call.</exception>
    public void Enter()
    {
        int found = Interlocked.CompareExchange(ref _state, Busy, Idle);
        if (found == Busy)
        {
            throw new InvalidOperationException(
                $"The painter {painter} is painting on another thread: it takes one call at a time. "
                    + "Call it from one thread, or load a second painter (they share the model).");
        }

        ObjectDisposedException.ThrowIf(found != Idle, typeof(OnnxPainter));
    }

    /// <summary>Ends a call, and the painter when it was disposed meanwhile.</summary>
    public void Exit()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Busy) == DisposedWhileBusy)
        {
            Volatile.Write(ref _state, Disposed);
            release();
        }
    }

    /// <summary>No further call begins; frees now, or at the end of the call that is under way.</summary>
    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _state, DisposedWhileBusy, Busy) == Busy)
        {
            return;
        }

        // Between the two looks a call may have ended or begun.
        int found = Interlocked.CompareExchange(ref _state, Disposed, Idle);
        if (found == Idle)
        {
            release();
        }
        else if (found == Busy)
        {
            Dispose();
        }
    }
}
