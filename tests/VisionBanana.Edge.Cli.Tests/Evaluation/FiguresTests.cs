using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Cli.Evaluation;

namespace VisionBanana.Edge.Cli.Tests.Evaluation;

/// <summary>Measures on small arrays whose answers can be counted by hand.</summary>
public sealed class FiguresTests
{
    [Fact]
    public void DepthFigures_Infinity_CountsAsTheFarEnd()
    {
        var figures = DepthFigures.Of([2, float.PositiveInfinity], [2, 4]);

        Assert.Equal(0.5, figures.Delta1);
        Assert.Equal((100 - 4) / 4.0 / 2, figures.AbsRel, 1e-6);
    }

    [Theory]
    [InlineData(new[] { 0.1f, 0.2f, 0.8f, 0.9f }, new[] { false, false, true, true }, 1)]
    [InlineData(new[] { 0.9f, 0.8f, 0.2f, 0.1f }, new[] { false, false, true, true }, 0)]
    [InlineData(new[] { 0.5f, 0.5f, 0.5f, 0.5f }, new[] { false, true, false, true }, 0.5)]
    [InlineData(new[] { 0.1f, 0.2f, 0.3f, 0.4f }, new[] { false, true, false, true }, 0.75)]
    [InlineData(new[] { 0.1f, 0.2f }, new[] { true, true }, double.NaN)]
    public void ConfidenceRanking_Auc_CountsPairsInOrder(float[] confidence, bool[] right, double expected) =>
        Assert.Equal(expected, ConfidenceRanking.Auc(confidence, right), 1e-9);

    [Fact]
    public void InstancePrecision_OneOfTwoFoundAndOneFalse_IsHalfOfTheCurve()
    {
        // Objects 1 and 2; the support 9 is none. Painted: 1 exactly (surest), 2 nowhere, and something on the support.
        var precision = new InstancePrecision();

        precision.Add([1, 1, 0, 0, 2, 2], [0.9f, 0.9f, 1, 1, 0.5f, 0.5f], [1, 1, 2, 2, 9, 9], support: 9);

        // Recall 0.5 at precision 1: recalls 0, 0.01 … 0.50 of 101.
        Assert.Equal(51 / 101.0, precision.Ap50, 1e-9);
        Assert.Equal(51 / 101.0, precision.Ap, 1e-9);
    }

    [Fact]
    public void InstancePrecision_OverlapOfThreeQuarters_CountsUpToThatThreshold()
    {
        var precision = new InstancePrecision();

        precision.Add([1, 1, 1, 0], [1, 1, 1, 1], [4, 4, 4, 4], support: null);

        // 0.50, 0.55 … 0.75 are six of ten thresholds.
        Assert.Equal(1, precision.Ap50, 1e-9);
        Assert.Equal(0.6, precision.Ap, 1e-9);
    }

    [Fact]
    public void InstancePrecision_WithoutTrueObjects_IsNotMeasured()
    {
        var precision = new InstancePrecision();

        precision.Add([1, 1], [1, 1], [0, 0], support: null);

        Assert.True(double.IsNaN(precision.Ap50));
    }

    [Fact]
    public void DepthEdges_AJump_ReachesThreePixelsToBothSides()
    {
        float[] depth = [.. Enumerable.Range(0, 40).Select(i => i % 20 < 10 ? 1f : 2f)];

        bool[] near = DepthEdges.Near(depth, 20);

        Assert.Equal([.. Enumerable.Range(0, 40).Select(i => i % 20 is >= 7 and <= 12)], near);
    }

    [Fact]
    public void DepthEdges_MissingDepth_IsNoEdge() => Assert.DoesNotContain(true, DepthEdges.Near([1, float.NaN, 2, 2], 4));

    [Theory]
    [InlineData(0, 0, -1)]
    [InlineData(-0.48, -0.64, -0.6)]
    [InlineData(0, -0.8, -0.6)]
    public void DepthNormals_OfAPlane_AreItsNormal(double nx, double ny, double nz)
    {
        // n · (x z, y z, z) = −1.2: a plane 1.2 m away whose normal faces the camera.
        var camera = CameraIntrinsics.FromHorizontalFov(96, 72, 60);
        float[] depth = new float[96 * 72];
        for (int i = 0; i < depth.Length; i++)
        {
            (double x, double y) = camera.Unproject(i % 96, i / 96);
            double z = -1.2 / ((nx * x) + (ny * y) + nz);
            depth[i] = z is > 0.3 and < 5 ? (float)z : float.NaN;
        }

        float[] normals = DepthNormals.Of(depth, camera);

        var angles = new AngleFigures();
        float[] expected = [(float)nx, (float)ny, (float)nz];
        for (int i = 0; i < depth.Length; i++)
        {
            if (!float.IsNaN(normals[i * 3]))
            {
                angles.Add(normals.AsSpan(i * 3, 3), expected);
            }
        }

        Assert.InRange(angles.MedianDegrees, 0, 1);
        Assert.InRange(angles.Within(5), 0.95, 1);
    }

    [Fact]
    public void Statistics_MedianAndQuantile()
    {
        Assert.Equal(2.5, Statistics.Median([4, 1, 2, 3]));
        Assert.Equal(1.3, Statistics.Quantile([4, 1, 2, 3], 0.1), 1e-6);
        Assert.True(double.IsNaN(Statistics.Median([])));
        Assert.Equal(1, Statistics.Deviation([1, 3]), 1e-9);
    }
}
