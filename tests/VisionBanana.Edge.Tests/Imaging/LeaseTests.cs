using VisionBanana.Edge.Imaging;
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
}
