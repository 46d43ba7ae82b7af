using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Tests.Scale;

public sealed class DepthSmootherTests
{
    [Fact]
    public void Apply_StillPixels_AreAveragedAndWhatMovesIsNot()
    {
        var random = new Random(4);
        var smoother = new DepthSmoother();
        var colour = new Rgb24[3];
        var still = new List<double>();
        for (int i = 0; i < 200; i++)
        {
            // A still pixel, one whose colour changes while somebody walks through, one whose depth jumps.
            bool isThere = i % 50 >= 25;
            float[] depth = [(float)(2 + (0.1 * (random.NextDouble() - 0.5))), isThere ? 1 : 2, isThere ? 1.5f : 3];
            colour[1] = isThere ? new Rgb24(200, 20, 20) : default;
            smoother.Apply(depth, colour, isSceneNew: i == 0);
            still.Add(depth[0]);
            Assert.Equal(isThere ? 1f : 2f, depth[1]);
            Assert.Equal(isThere ? 1.5f : 3f, depth[2]);
        }

        double mean = still.Skip(20).Average();
        Assert.True(Math.Sqrt(still.Skip(20).Average(s => (s - mean) * (s - mean))) < 0.1 / Math.Sqrt(12) / 2);
    }

    [Fact]
    public void Apply_NewScene_TakesTheDepthAsItIs()
    {
        var smoother = new DepthSmoother();
        float[] first = [2], second = [2.1f];
        smoother.Apply(first, new Rgb24[1], isSceneNew: true);

        smoother.Apply(second, new Rgb24[1], isSceneNew: true);

        Assert.Equal(2.1f, second[0]);
    }
}
