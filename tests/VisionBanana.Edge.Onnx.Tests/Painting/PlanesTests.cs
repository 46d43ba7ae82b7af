using FsCheck.Xunit;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Onnx.Tests.Painting;

public sealed class PlanesTests
{
    [Property]
    public bool CopyUnit_AnyValues_AreClampedAndNaNIsZero(float[] values)
    {
        var target = new float[values.Length];
        Planes.CopyUnit(values, target);
        return values.Zip(target).All(p => p.Second == (float.IsNaN(p.First) ? 0 : Math.Clamp(p.First, 0f, 1f)));
    }

    [Property]
    public bool ToDepth_AnyValues_KeepOnlyWhatIsInFront(float[] values)
    {
        float[] plane = [.. values];
        Planes.ToDepth(plane, 2);
        return values.Zip(plane).All(p => p.First * 2 > 0 ? p.Second == p.First * 2 : float.IsNaN(p.Second));
    }

    [Fact]
    public void ToDepthFromInverse_ZeroAndNaN_AreTooFarAndUnknown()
    {
        float[] plane = [0.5f, 0, -1, float.NaN];
        Planes.ToDepthFromInverse(plane, 2, 0, 3);
        Assert.Equal([3, float.PositiveInfinity, float.PositiveInfinity, float.NaN], plane);
    }

    [Fact]
    public void NearestResize_Enlarge_RepeatsPixels()
    {
        var target = new int[16];
        new NearestResize(2, 2, 4, 4).Apply<int>([1, 2, 3, 4], target);
        Assert.Equal([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4], target);
    }

    [Fact]
    public void NearestResize_Shrink_TakesTheMiddle()
    {
        var target = new int[2];
        new NearestResize(6, 1, 2, 1).Apply<int>([0, 1, 2, 3, 4, 5], target);
        Assert.Equal([1, 4], target);
    }
}
