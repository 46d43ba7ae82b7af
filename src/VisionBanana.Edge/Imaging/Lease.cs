using System.Runtime.CompilerServices;

namespace VisionBanana.Edge.Imaging;

/// <summary>
/// A pooled, reference-counted resource.
/// <list type="number">
/// <item>A producer rents, publishes, disposes: inside <c>OnNext</c> the lease is borrowed.</item>
/// <item>Who keeps it past <c>OnNext</c> calls <see cref="Retain"/> before returning and disposes that reference later.</item>
/// <item>Dispose below zero throws; a lease that is never returned is a leak, counted in <see cref="LeakedCount"/>.</item>
/// </list>
/// In debug builds, and in release builds with the AppContext switch <c>VisionBanana.Edge.GuardLeases</c> or <c>VBEDGE_GUARD_LEASES=1</c>, using a lease that
/// was given back throws <see cref="ObjectDisposedException"/>.
/// </summary>
public abstract class Lease : IDisposable
{
    /// <summary>
    /// Whether using a lease that was given back throws. Always in debug builds; in release builds when the AppContext switch
    /// <c>VisionBanana.Edge.GuardLeases</c> is on or the environment variable <c>VBEDGE_GUARD_LEASES</c> is 1 as the process starts. A pool then makes
    /// a new lease for every picture: for finding mistakes, not for work.
    /// </summary>
    internal static readonly bool IsGuarded =
#if DEBUG
        true;
#else
        (AppContext.TryGetSwitch("VisionBanana.Edge.GuardLeases", out bool guarded) && guarded)
        || Environment.GetEnvironmentVariable("VBEDGE_GUARD_LEASES") == "1";
#endif

    private static long _leakedCount;
    private int _references;

    /// <summary>A lease begins in its pool, where nobody holds it and nothing can leak.</summary>
#pragma warning disable CA1816 // The finalizer is the leak detector: it watches only while the lease is out.
    protected Lease() => GC.SuppressFinalize(this);
#pragma warning restore CA1816

    /// <summary>Leases that the garbage collector found still held, since the process started. Anything above zero is a bug in the holder.</summary>
    public static long LeakedCount => Interlocked.Read(ref _leakedCount);

    /// <summary>How many holders there are now; 0 = back in its pool.</summary>
    public int ReferenceCount => Volatile.Read(ref _references);

    /// <summary>Adds a holder, who must dispose once.</summary>
    /// <exception cref="ObjectDisposedException">The lease is already back in its pool.</exception>
    public void Retain()
    {
        int seen = Volatile.Read(ref _references);
        while (true)
        {
            ObjectDisposedException.ThrowIf(seen <= 0, this);
            int before = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    /// <summary>Gives one reference back; the last one returns the lease to its pool.</summary>
    /// <exception cref="ObjectDisposedException">More was given back than was taken.</exception>
    public void Dispose()
    {
        int seen = Volatile.Read(ref _references);
        while (true)
        {
            ObjectDisposedException.ThrowIf(seen <= 0, this);
            int before = Interlocked.CompareExchange(ref _references, seen - 1, seen);
            if (before == seen)
            {
                break;
            }

            seen = before;
        }

        if (seen == 1)
        {
            GC.SuppressFinalize(this);
            OnReturned();
        }
    }

    /// <summary>Where leases are guarded, throws when nobody holds this one.</summary>
    /// <exception cref="ObjectDisposedException">It was kept past <c>OnNext</c> without <see cref="Retain"/>, or used after its disposal.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Use()
    {
        if (IsGuarded && Volatile.Read(ref _references) <= 0)
        {
            ThrowReturned();
        }
    }

    private void ThrowReturned() => throw new ObjectDisposedException(
        GetType().Name, "The picture was given back: whoever keeps it past OnNext calls Retain() before returning, and Dispose() later.");

    /// <summary>Called by the pool when it hands the lease out: one reference, watched for leaks.</summary>
    internal void Activate()
    {
        if (Interlocked.CompareExchange(ref _references, 1, 0) != 0)
        {
            throw new InvalidOperationException("A lease was rented while it was still held.");
        }

        GC.ReRegisterForFinalize(this);
    }

    /// <summary>The last reference is gone: release what the lease holds and hand it back to the pool.</summary>
    protected abstract void OnReturned();

    /// <summary>Counts a lease that was dropped without <see cref="Dispose"/>.</summary>
    ~Lease()
    {
        if (Volatile.Read(ref _references) > 0)
        {
            Interlocked.Increment(ref _leakedCount);
        }
    }
}
