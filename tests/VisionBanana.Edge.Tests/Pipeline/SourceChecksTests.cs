using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Tests.Pipeline;

public sealed class SourceChecksTests
{
    [Theory]
    [InlineData(640, 480, 8, 8)]
    [InlineData(10320, 7752, 8, 4)]
    [InlineData(16384, 8192, 8, 2)]
    [InlineData(16384, 8192, 1, 1)]
    public void PoolOf_LargePictures_AreFewer(int width, int height, int asked, int capacity) =>
        Assert.Equal(capacity, SourceChecks.PoolOf("clip", width, height, PixelFormat.Rgb8, asked).Capacity);

    [Theory]
    [InlineData(20_000, 20_000)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void PoolOf_PicturesOfNoCamera_AreRefusedBeforeTheyTakeMemory(int width, int height)
    {
        var error = Assert.Throws<CameraException>(() => SourceChecks.PoolOf("clip", width, height, PixelFormat.Rgb8, 8));

        Assert.Contains($"clip: the pictures claim {width}×{height} pixels", error.Message, StringComparison.Ordinal);
    }
}
