using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Onnx.Tests.Painting;

public sealed class PointMapTests
{
    private const int Width = 48, Height = 36, Pixels = Width * Height;

    /// <summary>Points of a bumpy floor, moved along z, with a third of the pixels nonsense and not trusted.</summary>
    [Theory]
    [InlineData(true, 40, 0.8)]
    [InlineData(false, 60, -0.3)]
    [InlineData(false, 95, 2.5)]
    public void ShiftFor_PointsOffTheirRays_IsTheShiftThatWasTaken(bool interleaved, double hfov, double taken)
    {
        var camera = CameraIntrinsics.FromHorizontalFov(2 * Width, 2 * Height, hfov);
        CameraIntrinsics small = camera.Resized(Width, Height);
        var random = new Random(5);
        float[] points = new float[3 * Pixels], trust = new float[Pixels], depth = new float[Pixels];
        for (int i = 0; i < Pixels; i++)
        {
            (double u, double v) = small.Unproject(i % Width, i / Width);
            double z = 1.5 + (0.01 * (i % 97)) + (0.5 * v);
            bool nonsense = random.Next(3) == 0;
            trust[i] = nonsense ? 0.2f : 0.9f;
            double noise = 1 + (0.001 * (random.NextDouble() - 0.5));
            double[] xyz = nonsense ? [random.NextDouble() * 9, -4, random.NextDouble() * 20] : [u * z * noise, v * z * noise, z - taken];
            for (int axis = 0; axis < 3; axis++)
            {
                points[interleaved ? (i * 3) + axis : (axis * Pixels) + i] = (float)xyz[axis];
            }

            depth[i] = nonsense ? float.NaN : (float)(2 * z);
        }

        var map = new PointMap(Width, Height, interleaved);

        double shift = map.ShiftFor(points, trust, camera);
        float[] found = new float[Pixels];
        map.ToDepth(points, trust, (float)shift, 2, found);

        Assert.Equal(taken, shift, 0.01);
        Assert.All(found.Zip(depth), p => Assert.True(float.IsNaN(p.First) ? float.IsNaN(p.Second) : Math.Abs(p.First - p.Second) < 0.03f, $"{p}"));
    }

    [Fact]
    public void ShiftFor_NothingTrusted_IsNone() => Assert.Equal(
        0, new PointMap(Width, Height, false).ShiftFor(new float[3 * Pixels], new float[Pixels], CameraIntrinsics.FromHorizontalFov(Width, Height, 60)));
}
