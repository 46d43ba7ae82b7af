namespace VisionBanana.Edge.Pipeline;

/// <summary>Lets one thread wait on a clock and be stopped at once. Waiting allocates nothing.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly object _gate = new();
    private readonly ITimer _timer;
    private bool _stopped;
    private bool _elapsed;

    public StopSignal(TimeProvider clock) => _timer = clock.CreateTimer(Elapsed, this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public bool IsStopped
    {
        get
        {
            lock (_gate)
            {
                return _stopped;
            }
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits; true when it was stopped instead of waiting to the end.</summary>
    public bool Wait(TimeSpan time)
    {
        lock (_gate)
        {
            _elapsed = time < TimeSpan.FromMilliseconds(1);
            if (!_elapsed && !_stopped)
            {
                _timer.Change(time, Timeout.InfiniteTimeSpan);
            }

            while (!_elapsed && !_stopped)
            {
                Monitor.Wait(_gate);
            }

            return _stopped;
        }
    }

    public void Dispose() => _timer.Dispose();

    private static void Elapsed(object? state)
    {
        var signal = (StopSignal)state!;
        lock (signal._gate)
        {
            signal._elapsed = true;
            Monitor.PulseAll(signal._gate);
        }
    }
}
