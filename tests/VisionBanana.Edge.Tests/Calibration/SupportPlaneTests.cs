using FsCheck.Xunit;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Tests.Calibration;

public sealed class SupportPlaneTests
{
    [Fact]
    public void InverseDepthAt_LevelCamera_IsSlopeOverHeight()
    {
        var plane = SupportPlane.OfAngles(1.5);

        // 1.5 m above the floor, a ray that falls half a metre per metre meets it 3 m ahead.
        Assert.Equal((0.0, -1.0, 0.0), (plane.UpX, plane.UpY, plane.UpZ));
        Assert.Equal(1 / 3.0, plane.InverseDepthAt(0.2, 0.5), 1e-12);
        Assert.True(plane.InverseDepthAt(0, 0) <= 0);
        Assert.True(plane.InverseDepthAt(0, -0.3) < 0);
    }

    [Fact]
    public void InverseDepthAt_LookingStraightDown_IsTheHeightEverywhere()
    {
        var plane = SupportPlane.OfAngles(0.8, pitchDegrees: 90);

        Assert.Equal(1 / 0.8, plane.InverseDepthAt(0.4, -0.3), 1e-12);
    }

    [Fact]
    public void InverseDepthAt_HeightUnknown_IsZero() => Assert.Equal(0, SupportPlane.OfAngles(null, 20).InverseDepthAt(0, 1));

    /// <summary>For any mount, the point at the depth that the plane gives lies on the floor of the robot.</summary>
    [Property(MaxTest = 300)]
    public void Of_AnyMount_PutsRaysOnTheFloor(short r, short p, short y)
    {
        UnitQuaternion body = UnitQuaternion.FromRpy(r / 40000.0, p / 40000.0, y / 10000.0);
        CameraMount mount = CameraMount.OfBody("base_link", 0.1, -0.2, 0.7, body) with { FloorZ = -0.3 };

        var plane = SupportPlane.Of(mount);

        var same = SupportPlane.OfAngles(mount.HeightM, mount.PitchDegrees, mount.RollDegrees);
        Assert.Equal(1.0, plane.HeightM!.Value, 12);
        Assert.Equal(0, Math.Abs(plane.UpX - same.UpX) + Math.Abs(plane.UpY - same.UpY) + Math.Abs(plane.UpZ - same.UpZ), 9);
        double inverse = plane.InverseDepthAt(0.1, 0.4);
        if (inverse > 1e-3)
        {
            double z = 1 / inverse;
            Assert.Equal(mount.FloorZ, mount.ToParent(0.1 * z, 0.4 * z, z).Z, 6);
        }
    }

    [Fact]
    public void Of_CameraThatIsNotAboveTheFloor_KnowsGravityAlone()
    {
        var mount = CameraMount.OfBody("base_link", 0, 0, -0.05, UnitQuaternion.Identity);

        Assert.Null(SupportPlane.Of(mount).HeightM);
        Assert.Equal(-1, SupportPlane.Of(mount).UpY, 1e-12);
    }

    [Theory]
    [InlineData(0, 0, 0, 1.0)]
    [InlineData(double.NaN, 0, 0, 1.0)]
    [InlineData(0, -1, 0, 0.0)]
    [InlineData(0, -1, 0, double.NaN)]
    public void Create_NoDirectionOrHeight_IsRefused(double x, double y, double z, double height) =>
        Assert.Throws<ArgumentException>(() => new SupportPlane(x, y, z, height));
}
