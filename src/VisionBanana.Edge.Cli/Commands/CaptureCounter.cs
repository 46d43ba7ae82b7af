using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>Counts what a camera delivers when there is no pipeline behind it.</summary>
internal sealed class CaptureCounter : IFlowCounter
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _dropped = new(StringComparer.Ordinal);
    private long _captured;

    /// <summary>Pictures so far.</summary>
    public long Count
    {
        get
        {
            lock (_gate)
            {
                return _captured;
            }
        }
    }

    public void Captured()
    {
        lock (_gate)
        {
            _captured++;
        }
    }

    public void Dropped(DropReason reason)
    {
        lock (_gate)
        {
            _dropped[reason.ToString()] = _dropped.GetValueOrDefault(reason.ToString()) + 1;
        }
    }

    /// <summary>Drops so far, by reason.</summary>
    public IReadOnlyDictionary<string, long> Drops()
    {
        lock (_gate)
        {
            return new SortedDictionary<string, long>(_dropped, StringComparer.Ordinal);
        }
    }
}
