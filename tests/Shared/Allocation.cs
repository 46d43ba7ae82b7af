namespace VisionBanana.Edge.Tests.Shared;

/// <summary>What code allocates on the thread that runs it.</summary>
internal static class Allocation
{
    private const int Measurements = 5, Attempts = 20;

    /// <summary>
    /// The bytes that an action allocates, the median of five measurements. A collection, which any test beside it may cause, takes away what is
    /// left of the thread's allocation buffer, up to 8 KB, and the runtime counts that as allocated. A measurement that saw a collection is
    /// repeated; now and then one that saw none is off by that much all the same.
    /// </summary>
    public static long Of(Action action)
    {
        long[] measured = [.. Enumerable.Range(0, Measurements).Select(_ => Once(action))];
        Array.Sort(measured);
        return measured[Measurements / 2];
    }

    private static long Once(Action action)
    {
        long bytes = 0;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            int collections = GC.CollectionCount(0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (bytes == 0 || GC.CollectionCount(0) == collections)
            {
                break;
            }
        }

        return bytes;
    }
}
