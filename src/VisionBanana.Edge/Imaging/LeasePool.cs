using System.Diagnostics.CodeAnalysis;

namespace VisionBanana.Edge.Imaging;

/// <summary>
/// A capped pool of leases of one shape. At its cap it hands out nothing instead of growing:
/// the incoming picture becomes a counted drop (<see cref="Diagnostics.DropReason.PoolExhausted"/>).
/// </summary>
/// <typeparam name="T">What is pooled.</typeparam>
public sealed class LeasePool<T>
    where T : Lease
{
    private readonly Func<LeasePool<T>, T> _create;
    private readonly Stack<T> _free;
    private readonly Lock _gate = new();
    private int _created;

    /// <summary>Creates a pool.</summary>
    /// <param name="capacity">The most leases that may be out at once.</param>
    /// <param name="create">Makes one lease that returns to the pool given.</param>
    public LeasePool(int capacity, Func<LeasePool<T>, T> create)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentNullException.ThrowIfNull(create);
        Capacity = capacity;
        _create = create;
        _free = new Stack<T>(capacity);
    }

    /// <summary>The most leases that may be out at once.</summary>
    public int Capacity { get; }

    /// <summary>How many leases are out now.</summary>
    public int Outstanding
    {
        get
        {
            lock (_gate)
            {
                return _created - _free.Count;
            }
        }
    }

    /// <summary>Rents a lease with one reference, or returns false when all are out.</summary>
    public bool TryRent([NotNullWhen(true)] out T? lease)
    {
        lock (_gate)
        {
            if (!_free.TryPop(out lease))
            {
                if (_created == Capacity)
                {
                    lease = null;
                    return false;
                }

                lease = _create(this);
                _created++;
            }
        }

        lease.Activate();
        return true;
    }

    /// <summary>Takes a lease back: what <see cref="Lease.OnReturned"/> of a lease calls, and nobody else.</summary>
    public void Return(T lease)
    {
        lock (_gate)
        {
            if (Lease.IsGuarded)
            {
                // One that is never lent again shows who still uses it.
                _created--;
                return;
            }

            _free.Push(lease);
        }
    }
}
