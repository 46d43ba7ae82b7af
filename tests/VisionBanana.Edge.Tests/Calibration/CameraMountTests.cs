using FsCheck.Xunit;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Tests.Calibration;

public sealed class CameraMountTests
{
    [Fact]
    public void OpticalInBody_IsTheRotationOfRep103()
    {
        UnitQuaternion rpy = UnitQuaternion.FromRpy(-Math.PI / 2, 0, -Math.PI / 2);
        Near((CameraMount.OpticalInBody.X, CameraMount.OpticalInBody.Y, CameraMount.OpticalInBody.Z), (rpy.X, rpy.Y, rpy.Z));
        Assert.Equal(CameraMount.OpticalInBody.W, rpy.W, 12);

        // z forward is x of the body, x right is −y, y down is −z.
        Near((1, 0, 0), CameraMount.OpticalInBody.Rotate(0, 0, 1));
        Near((0, -1, 0), CameraMount.OpticalInBody.Rotate(1, 0, 0));
        Near((0, 0, -1), CameraMount.OpticalInBody.Rotate(0, 1, 0));
    }

    [Fact]
    public void OfBody_PitchedDown_PointAheadLandsBelow()
    {
        CameraMount mount = CameraMount.OfBody("base_link", 0.1, 0, 0.5, UnitQuaternion.FromRpy(0, Math.PI / 6, 0));

        // One metre along the line of sight, 30° below the horizon.
        Near((0.1 + Math.Cos(Math.PI / 6), 0, 0), mount.ToParent(0, 0, 1));
        Assert.Equal((0.5, 30, 0), (mount.HeightM, Math.Round(mount.PitchDegrees, 9), Math.Round(mount.RollDegrees, 9)));
    }

    [Fact]
    public void OfBody_TurnedLeft_PointAheadIsToTheLeft() =>
        Near((0, 2, 0), CameraMount.OfBody("base_link", 0, 0, 0, UnitQuaternion.FromRpy(0, 0, Math.PI / 2)).ToParent(0, 0, 2));

    [Fact]
    public void Construct_OfTheOpticalFrame_IsTheSamePose() => Near(
        CameraMount.OfBody("base_link", 1, 2, 3, UnitQuaternion.Identity).ToParent(0.3, 0.2, 4),
        new CameraMount("base_link", 1, 2, 3, UnitQuaternion.FromRpy(-Math.PI / 2, 0, -Math.PI / 2)).ToParent(0.3, 0.2, 4));

    [Property(MaxTest = 300)]
    public void Angles_OfAnyBody_AreItsPitchAndRoll(short r, short p, short y)
    {
        double roll = r / 32768.0 * 179, pitch = p / 32768.0 * 89, yaw = y / 32768.0 * 179;
        UnitQuaternion body = UnitQuaternion.FromRpy(double.DegreesToRadians(roll), double.DegreesToRadians(pitch), double.DegreesToRadians(yaw));
        CameraMount mount = CameraMount.OfBody("base_link", 0, 0, 1, body);
        Assert.Equal(pitch, mount.PitchDegrees, 6);
        Assert.Equal(roll, mount.RollDegrees, 6);
        Assert.Equal(1, mount.Rotation.Norm, 12);
    }

    [Property(MaxTest = 300)]
    public void FromRpy_AnyAngles_IsTheProductOfTheThreeMatrices(short r, short p, short y)
    {
        double roll = r / 5000.0, pitch = p / 5000.0, yaw = y / 5000.0;
        (double sr, double cr) = Math.SinCos(roll);
        (double sp, double cp) = Math.SinCos(pitch);
        (double sy, double cy) = Math.SinCos(yaw);
        UnitQuaternion q = UnitQuaternion.FromRpy(roll, pitch, yaw);
        Near((cy * cp, sy * cp, -sp), q.Rotate(1, 0, 0));
        Near(((cy * sp * sr) - (sy * cr), (sy * sp * sr) + (cy * cr), cp * sr), q.Rotate(0, 1, 0));
        Near(((cy * sp * cr) + (sy * sr), (sy * sp * cr) - (cy * sr), cp * cr), q.Rotate(0, 0, 1));
    }

    [Theory]
    [InlineData("", 0, 1)]
    [InlineData("base_link", double.NaN, 1)]
    [InlineData("base_link", 0, 0)]
    [InlineData("base_link", 0, double.PositiveInfinity)]
    public void Construct_NoPose_Refused(string parent, double x, double w) =>
        Assert.Throws<ConfigurationException>(() => new CameraMount(parent, x, 0, 0, new UnitQuaternion(0, 0, 0, w)));

    private static void Near((double X, double Y, double Z) expected, (double X, double Y, double Z) found)
    {
        Assert.Equal(expected.X, found.X, 9);
        Assert.Equal(expected.Y, found.Y, 9);
        Assert.Equal(expected.Z, found.Z, 9);
    }
}
