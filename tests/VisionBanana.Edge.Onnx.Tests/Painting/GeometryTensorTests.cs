using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Onnx.Tests.Painting;

public sealed class GeometryTensorTests
{
    private const int Width = 8, Height = 6, Pixels = Width * Height;

    private static readonly CameraIntrinsics Camera = new(Width, Height, 4, 4, 3.5, 2.5);

    [Fact]
    public void Set_LevelCamera_FillsThePlaneByHand()
    {
        using var geometry = new GeometryTensor(TensorMemory.Shared(), Width, Height);

        geometry.Set(SupportPlane.OfAngles(2), Camera, 1);

        float[] values = geometry.Tensor.Span.ToArray();
        for (int y = 0; y < Height; y++)
        {
            // Rows 3, 4, 5 look down by 0.125, 0.375, 0.625: 1 / z is half of that, 2 m above the floor.
            float expected = y < 3 ? 0 : (y - 2.5f) / 4 / 2;
            for (int x = 0; x < Width; x++)
            {
                int i = (y * Width) + x;
                Assert.Equal(expected, values[i], 1e-6f);
                Assert.Equal(y < 3 ? 0 : 1, values[Pixels + i]);
                Assert.Equal((0f, -1f, 0f), (values[(2 * Pixels) + i], values[(3 * Pixels) + i], values[(4 * Pixels) + i]));
            }
        }
    }

    [Fact]
    public void Set_FocalRatio_GivesTheDepthThatTheGraphPredicts()
    {
        // The painted metres are the graph's times the ratio: the plane it is told must be that much nearer.
        using var geometry = new GeometryTensor(TensorMemory.Shared(), Width, Height);

        geometry.Set(SupportPlane.OfAngles(2), Camera, 1.5f);

        Assert.Equal(1.5f * 0.625f / 2, geometry.Tensor.Span[Pixels - 1], 1e-6f);
    }

    [Fact]
    public void Set_BeyondTheTrainedRange_IsUnknownOrTheNearest()
    {
        using var geometry = new GeometryTensor(TensorMemory.Shared(), Width, Height);

        // 4 m up, row 3 meets the floor at 32 m, row 4 at 10.7 m; 5 cm up, row 5 would meet it at 8 cm.
        geometry.Set(SupportPlane.OfAngles(4), Camera, 1);
        Assert.Equal((0f, 0f), (geometry.Tensor.Span[3 * Width], geometry.Tensor.Span[Pixels + (3 * Width)]));
        Assert.Equal(0.375f / 4, geometry.Tensor.Span[4 * Width], 1e-6f);

        geometry.Set(SupportPlane.OfAngles(0.05), Camera, 1);
        Assert.Equal(8, geometry.Tensor.Span[5 * Width]);
    }

    [Fact]
    public void Set_GravityAlone_LeavesThePlaneUnknown()
    {
        using var geometry = new GeometryTensor(TensorMemory.Shared(), Width, Height);

        geometry.Set(SupportPlane.OfAngles(null, 30), Camera, 1);

        Assert.All(geometry.Tensor.Span[..(2 * Pixels)].ToArray(), v => Assert.Equal(0, v));
        Assert.Equal(-0.5f, geometry.Tensor.Span[^1], 1e-6f);
    }

    [Fact]
    public void Set_NothingKnownAnyMore_IsZeroAgain()
    {
        using var geometry = new GeometryTensor(TensorMemory.Shared(), Width, Height);
        geometry.Set(SupportPlane.OfAngles(2), Camera, 1);

        geometry.Set(null, Camera, 1);

        Assert.DoesNotContain(geometry.Tensor.Span.ToArray(), v => v != 0);
    }

    [Fact]
    public void Set_TheSameAgain_IsNotComputedAgain()
    {
        using var geometry = new GeometryTensor(TensorMemory.Shared(), Width, Height);
        var plane = SupportPlane.OfAngles(2);
        geometry.Set(plane, Camera, 1);
        geometry.Tensor.Span[0] = 7;

        geometry.Set(plane, Camera, 1);
        Assert.Equal(7, geometry.Tensor.Span[0]);

        geometry.Set(plane, Camera, 2);
        Assert.Equal(0, geometry.Tensor.Span[0]);
    }
}
