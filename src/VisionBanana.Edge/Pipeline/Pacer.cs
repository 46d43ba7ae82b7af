namespace VisionBanana.Edge.Pipeline;

/// <summary>Spreads the pictures of a file over time. A consumer that fell behind is not made to catch up in a burst.</summary>
internal sealed class Pacer(double? framesPerSecond, TimeProvider clock, StopSignal stop)
{
    private readonly long _intervalNs = framesPerSecond is { } rate ? (long)(1e9 / rate) : 0;
    private long? _dueNs;

    /// <summary>Waits until the next picture is due; true when stopped meanwhile.</summary>
    public bool WaitForTurn()
    {
        if (_intervalNs == 0)
        {
            return stop.IsStopped;
        }

        long now = CaptureTime.MonotonicNow(clock);
        long due = _dueNs ?? now;
        _dueNs = Math.Max(due, now - _intervalNs) + _intervalNs;
        return stop.Wait(TimeSpan.FromMicroseconds(Math.Max(due - now, 0) / 1000.0));
    }
}
