using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.OpenCv.Calibration;
using static VisionBanana.Edge.OpenCv.Tests.Calibration.RenderedBoards;

namespace VisionBanana.Edge.OpenCv.Tests.Calibration;

/// <summary>Where a camera is, from one picture.</summary>
public sealed class MountTests
{
    [Fact]
    public void FloorMount_RenderedBoardOnTheFloor_GivesHeightPitchAndRoll()
    {
        using CalibrationTarget target = Make("chessboard");

        // 0.62 m above the floor, 33° down, rolled by 4°; the board lies ahead.
        var mount = CameraMount.OfBody("base_link", 0, 0, 0.62, UnitQuaternion.FromRpy(double.DegreesToRadians(4), double.DegreesToRadians(33), 0));
        (double X, double Y, double Z) Camera(double x, double y) => Inverse(mount, 0.95 - y, 0.11 - x, 0);
        using Mat picture = RenderPlane(target, Known, Camera);
        Assert.True(target.TryFind(picture, out FoundPoint[] points));

        FloorMount found = FloorMount.Of(Known, target, points);

        Assert.Equal(0.62, found.HeightM, 0.005);
        Assert.Equal(mount.PitchDegrees, found.PitchDegrees, 0.3);
        Assert.Equal(mount.RollDegrees, found.RollDegrees, 0.3);
    }

    [Theory]
    [InlineData(1.6, 0.3, 0.5, 12, 25, 160)]
    [InlineData(1.2, -0.2, 0.1, -5, 15, -150)]
    public void MarkerMount_RenderedMarkerAtAKnownPlace_GivesTheCamerasPose(double x, double y, double z, double roll, double pitch, double yaw)
    {
        using var marker = new MarkerTarget(23, 0.2);
        UnitQuaternion rotation = UnitQuaternion.FromRpy(double.DegreesToRadians(-3), double.DegreesToRadians(8), double.DegreesToRadians(yaw));
        var mount = CameraMount.OfBody(
            "base_link", 0.1, 0.02, 0.4, UnitQuaternion.FromRpy(double.DegreesToRadians(roll / 4), double.DegreesToRadians(pitch / 5), 0.05 * Math.Sign(y)));
        (double X, double Y, double Z) Camera(double right, double down)
        {
            // On the sheet: metres from its top left corner; the marker's axes are x out of its face, y to the right as one sees it, z up.
            (double px, double py, double pz) = rotation.Rotate(0, right - 0.1, 0.1 - down);
            return Inverse(mount, x + px, y + py, z + pz);
        }

        using Mat picture = RenderPlane(marker, Known, Camera);
        Assert.True(marker.TryFind(picture, out FoundPoint[] corners), "found");

        MarkerMount found = MarkerMount.Of(Known, marker, corners, "base_link", x, y, z, rotation);

        Assert.Equal(mount.X, found.Mount.X, 0.02);
        Assert.Equal(mount.Y, found.Mount.Y, 0.02);
        Assert.Equal(mount.Z, found.Mount.Z, 0.02);
        Assert.Equal(mount.PitchDegrees, found.Mount.PitchDegrees, 1.0);
        Assert.Equal(mount.RollDegrees, found.Mount.RollDegrees, 1.0);
        Assert.Equal(mount.YawDegrees, found.Mount.YawDegrees, 1.0);
        Assert.InRange(found.Rms, 0, 0.5);
    }

    [Fact]
    public void MarkerMount_WrongCalibrationOrNumberOfCorners_IsRefused()
    {
        using var marker = new MarkerTarget(23, 0.2);

        Assert.Contains("four corners", Assert.Throws<CameraException>(
            () => MarkerMount.Of(Known, marker, [new(0, 1, 1)], "base_link", 1, 0, 0, UnitQuaternion.Identity)).Message, StringComparison.Ordinal);
        Assert.Contains("0 to 99", Assert.Throws<ConfigurationException>(() => new MarkerTarget(100, 0.2)).Message, StringComparison.Ordinal);
    }
}
