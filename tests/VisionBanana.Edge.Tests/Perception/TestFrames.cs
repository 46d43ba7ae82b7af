using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Tests.Perception;

/// <summary>A pool that fails the test when a frame was not given back.</summary>
internal sealed class TestFrames(int capacity = 64) : IDisposable
{
    public LeasePool<CameraFrame> Pool { get; } = CameraFrame.CreatePool(capacity, 8, 6, PixelFormat.Bgr8);

    public CameraFrame Rent(long sequence)
    {
        Assert.True(Pool.TryRent(out CameraFrame? frame), "the pool is exhausted: somebody keeps frames");
        frame.SequenceNumber = sequence;
        return frame;
    }

    public void Dispose() => Assert.Equal(0, Pool.Outstanding);
}
