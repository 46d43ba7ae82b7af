using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Tests.Codecs;

public sealed class DepthWalkTests
{
    [Fact]
    public void DepthToU_PaperNumbers_IsThePapersTransform()
    {
        foreach (double depth in (double[])[0, 0.01, 0.5, 1, 3.7, 20, 400])
        {
            Assert.Equal(DepthCodec.DepthToU(depth), DepthWalk.Paper.DepthToU(depth), 1e-12);
            Assert.Equal(depth, DepthWalk.Paper.UToDepth(DepthWalk.Paper.DepthToU(depth)), 1e-9 * (1 + (depth * depth * depth)));
        }

        Assert.True(DepthWalk.Paper.IsPaper);
    }

    [Theory]
    [InlineData(-3, 1.0 / 3)]
    [InlineData(-2, 5)]
    [InlineData(-4.5, 1)]
    public void Decode_PaintedAlongAnotherWalk_GivesTheDepthsBack(double lambda, double c)
    {
        Rgb24[] corners = [new(255, 255, 255), new(255, 0, 255), new(0, 0, 255), new(0, 255, 255), new(0, 255, 0), new(255, 255, 0), new(255, 0, 0), default];
        var walk = new DepthWalk([.. corners], lambda, c);
        float[] depths = [.. Enumerable.Range(1, 100).Select(i => (float)walk.UToDepth(i / 120.0))];
        Rgb24[] painting = [.. depths.Select(d => Paint(walk, d))];
        float[] decoded = new float[depths.Length], confidence = new float[depths.Length];

        walk.Decode(painting, decoded, confidence);

        for (int i = 0; i < depths.Length; i++)
        {
            // A step of 8 bits is 1/1785 of u; some depths lie in the middle of two, but for the rounding of floats.
            Assert.Equal(walk.DepthToU(depths[i]), walk.DepthToU(decoded[i]), 0.501 / 1785);
            Assert.Equal(1, confidence[i], 0.02f);
        }

        walk.Decode([corners[^1], corners[0]], decoded.AsSpan(0, 2), confidence.AsSpan(0, 2));
        Assert.Equal(float.PositiveInfinity, decoded[0]);
        Assert.Equal(0, decoded[1]);
    }

    [Fact]
    public void Decode_NearWalk_HasFinerStepsNearBy()
    {
        var near = new DepthWalk(DepthWalk.Paper.Corners, -3, 1.0 / 3);

        Assert.Equal(DepthCodec.StepAt(0) / 10, near.UToDepth(1.0 / DepthCodec.StepCount), 1e-5);
        Assert.False(near.IsPaper);
    }

    [Theory]
    [InlineData(-1, 1, 8)]
    [InlineData(2, 1, 8)]
    [InlineData(-3, 0, 8)]
    [InlineData(-3, double.NaN, 8)]
    [InlineData(-3, 1, 1)]
    public void Create_NumbersThatAreNoWalk_AreRefused(double lambda, double c, int corners) =>
        Assert.Throws<ConfigurationException>(() => new DepthWalk([.. DepthWalk.Paper.Corners.Take(corners)], lambda, c));

    [Fact]
    public void Create_TheSameCornerTwice_IsRefused() =>
        Assert.Contains("2 and 3 are the same", Assert.Throws<ConfigurationException>(
            () => new DepthWalk([default, new Rgb24(255, 0, 0), new Rgb24(255, 0, 0)])).Message, StringComparison.Ordinal);

    private static Rgb24 Paint(DepthWalk walk, double depth)
    {
        double along = walk.DepthToU(depth) * (walk.Corners.Length - 1);
        int edge = Math.Min((int)along, walk.Corners.Length - 2);
        Rgb24 from = walk.Corners[edge], to = walk.Corners[edge + 1];
        byte Mix(byte a, byte b) => (byte)Math.Round(a + ((along - edge) * (b - a)));
        return new Rgb24(Mix(from.R, to.R), Mix(from.G, to.G), Mix(from.B, to.B));
    }
}
