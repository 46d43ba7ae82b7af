namespace VisionBanana.Edge.Pipeline;

/// <summary>Measures rate and managed allocation of a run, leaving out its warm-up (the first pictures fill pools and compile code).</summary>
internal sealed class SteadyState(TimeProvider clock)
{
    private const int WarmUpFrames = 30;

    private readonly Lock _gate = new();
    private long _count, _firstNs, _lastNs, _bytesAtWarm, _bytesNow;

    public long Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    public TimeSpan? SinceLast
    {
        get
        {
            lock (_gate)
            {
                return _count == 0 ? null : TimeSpan.FromTicks((CaptureTime.MonotonicNow(clock) - _lastNs) / 100);
            }
        }
    }

    public double FramesPerSecond
    {
        get
        {
            lock (_gate)
            {
                return _count < 2 ? double.NaN : (_count - 1) * 1e9 / (_lastNs - _firstNs);
            }
        }
    }

    public double AllocatedBytesPerFrame
    {
        get
        {
            lock (_gate)
            {
                return _count <= WarmUpFrames ? double.NaN : (double)(_bytesNow - _bytesAtWarm) / (_count - WarmUpFrames);
            }
        }
    }

    public void Tick()
    {
        long now = CaptureTime.MonotonicNow(clock), bytes = GC.GetTotalAllocatedBytes();
        lock (_gate)
        {
            _count++;
            _firstNs = _count == 1 ? now : _firstNs;
            _lastNs = now;
            _bytesAtWarm = _count <= WarmUpFrames ? bytes : _bytesAtWarm;
            _bytesNow = bytes;
        }
    }
}
