using System.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Perception;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Imaging;

public sealed class LeaseTests
{
    [Fact]
    public void Dispose_BelowZero_Throws()
    {
        using var frames = new TestFrames();
        CameraFrame frame = frames.Rent(0);
        frame.Dispose();

        Assert.Throws<ObjectDisposedException>(frame.Dispose);
        Assert.Throws<ObjectDisposedException>(frame.Retain);
    }

    [Fact]
    public void Retain_TwoHolders_ReturnsWithTheLast()
    {
        using var frames = new TestFrames();
        CameraFrame frame = frames.Rent(0);
        frame.Retain();
        frame.Dispose();
        Assert.Equal(1, frames.Pool.Outstanding);

        frame.Dispose();
        Assert.Equal(0, frames.Pool.Outstanding);
    }

    [Fact]
    public void TryRent_PoolAtItsCap_RefusesInsteadOfGrowing()
    {
        using var frames = new TestFrames(capacity: 2);
        using CameraFrame a = frames.Rent(0);
        using CameraFrame b = frames.Rent(1);

        Assert.False(frames.Pool.TryRent(out _));
    }

    [Fact]
    public void TryRent_AfterReturn_ReusesWithoutAllocating()
    {
        using var frames = new TestFrames();
        frames.Rent(0).Dispose();
        long allocated = Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                Assert.True(frames.Pool.TryRent(out CameraFrame? frame));
                frame.Dispose();
            }
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Finalizer_LeaseNeverReturned_IsCountedAsLeak()
    {
        long before = Lease.LeakedCount;
        NoLeaks.Expect(1);
        Leak();

        for (int i = 0; i < 10 && Lease.LeakedCount == before; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(1, Lease.LeakedCount - before);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Leak()
        {
            LeasePool<CameraFrame> pool = CameraFrame.CreatePool(1, 4, 4, PixelFormat.Rgb8);
            Assert.True(pool.TryRent(out _));
        }
    }

    [Fact]
    public async Task Use_OfALeaseThatWasGivenBack_ThrowsWhereLeasesAreGuarded()
    {
        if (Lease.IsGuarded)
        {
            KeepsAFrameWithoutRetaining();
            return;
        }

        string here = Environment.ProcessPath!;
        var start = new ProcessStartInfo(here) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(here) == "dotnet")
        {
            start.ArgumentList.Add(typeof(LeaseTests).Assembly.Location);
        }

        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"{typeof(LeaseTests).FullName}.{nameof(Use_OfALeaseThatWasGivenBack_ThrowsWhereLeasesAreGuarded)}");
        start.Environment["VBEDGE_GUARD_LEASES"] = "1";
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(process.ExitCode == 0, output);
    }

    private static void KeepsAFrameWithoutRetaining()
    {
        var pool = CameraFrame.CreatePool(1, 4, 4, PixelFormat.Rgb8);
        Assert.True(pool.TryRent(out CameraFrame? kept));
        kept.Dispose();
        Assert.Throws<ObjectDisposedException>(() => kept.Pixels[0]);

        // Even when the pool lends again: what it lends is another lease.
        Assert.True(pool.TryRent(out CameraFrame? next));
        using (next)
        {
            ObjectDisposedException error = Assert.Throws<ObjectDisposedException>(() => kept.Pixels[0]);
            Assert.Contains("Retain()", error.Message, StringComparison.Ordinal);
            next.Pixels[0] = 1;
        }

        var frames = PerceptionFrame.CreatePool(1, 4, 4);
        Assert.True(frames.TryRent(out PerceptionFrame? frame));
        Percept depth = frame.Add(Instruction.MetricDepth());
        frame.Dispose();
        Assert.Throws<ObjectDisposedException>(() => depth.Depth[0]);
        Assert.Throws<ObjectDisposedException>(() => frame.Find(PerceptKind.Depth));
        Assert.Throws<ObjectDisposedException>(() => frame.ColorBytes[0]);
    }
}
