namespace VisionBanana.Edge.Tests.Shared;

/// <summary>What code allocates on the thread that runs it.</summary>
internal static class Allocation
{
    private const int Attempts = 20;

    /// <summary>
    /// The bytes that an action allocates. A collection, which any test beside it may cause, takes away what is left of the thread's allocation
    /// buffer, up to 8 KB, and the runtime counts that as allocated: then the action is measured again.
    /// </summary>
    public static long Of(Action action)
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
