namespace VisionBanana.Edge.Recording;

/// <summary>The damage that was met in a recording, each part once. May be used from several threads.</summary>
internal sealed class DamageLog
{
    // So many are told one by one; the bytes of all are counted.
    private const int MaxTold = 1000;

    private readonly Lock _gate = new();
    private readonly List<McapDamage> _damages = [];
    private readonly HashSet<(long Offset, bool IsLoss)> _known = [];
    private long _lostBytes;

    /// <summary>Adds a part; one that begins where a known one does is the same.</summary>
    public void Add(long offset, long length, string reason)
    {
        lock (_gate)
        {
            if (_known.Count < MaxTold ? !_known.Add((offset, length > 0)) : _known.Contains((offset, length > 0)))
            {
                return;
            }

            _lostBytes += length;
            if (_damages.Count < MaxTold)
            {
                _damages.Add(new McapDamage(offset, length, reason));
            }
        }
    }

    /// <summary>All so far, in the order of the file.</summary>
    public (McapDamage[] Damages, long LostBytes) Snapshot()
    {
        lock (_gate)
        {
            return ([.. _damages.OrderBy(damage => damage.Offset)], _lostBytes);
        }
    }
}
