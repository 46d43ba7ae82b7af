using VisionBanana.Edge.Imaging;

[assembly: AssemblyFixture(typeof(NoLeaks))]

namespace VisionBanana.Edge.Tests;

/// <summary>Compiled into every test project: a lease that a test run never gave back fails the run.</summary>
public sealed class NoLeaks : IDisposable
{
    private static long _expected;

    /// <summary>A test that leaks on purpose says so.</summary>
    public static void Expect(long leaks) => Interlocked.Add(ref _expected, leaks);

    public void Dispose()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(Interlocked.Read(ref _expected), Lease.LeakedCount);
    }
}
