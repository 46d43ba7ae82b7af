using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.OpenCv.Tests.Sources;

internal sealed class FlowCounts : IFlowCounter
{
    private readonly Dictionary<DropReason, int> _dropped = [];
    private int _captured;

    public int CapturedCount => Volatile.Read(ref _captured);

    public int this[DropReason reason]
    {
        get
        {
            lock (_dropped)
            {
                return _dropped.GetValueOrDefault(reason);
            }
        }
    }

    public int DroppedCount
    {
        get
        {
            lock (_dropped)
            {
                return _dropped.Values.Sum();
            }
        }
    }

    public void Captured() => Interlocked.Increment(ref _captured);

    public void Dropped(DropReason reason)
    {
        lock (_dropped)
        {
            _dropped[reason] = _dropped.GetValueOrDefault(reason) + 1;
        }
    }
}
