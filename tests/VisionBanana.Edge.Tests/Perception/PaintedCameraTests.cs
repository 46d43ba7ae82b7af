using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Calibration;

namespace VisionBanana.Edge.Tests.Perception;

public sealed class PaintedCameraTests
{
    [Fact]
    public void For_NoCalibration_IsNull() => Assert.Null(PaintedCamera.For(null, 192, 144, 60));

    [Fact]
    public void For_FieldOfViewOfThePainter_IsCentredWithSquarePixels()
    {
        CameraIntrinsics camera = PaintedCamera.For(Lenses.PlumbBob, 192, 144, 60)!;

        Assert.True(camera.IsPinhole);
        Assert.Equal(60, camera.HorizontalFovDegrees, 1e-9);
        Assert.Equal(camera.Fx, camera.Fy);
        Assert.Equal((95.5, 71.5), (camera.Cx, camera.Cy));
    }

    [Fact]
    public void For_PainterThatScalesWithFocal_TakesTheViewOfTheSource()
    {
        var source = new CameraIntrinsics(640, 480, 525, 525, 319.5, 239.5);

        CameraIntrinsics camera = PaintedCamera.For(source, 192, 144, null)!;

        Assert.Equal(source.HorizontalFovDegrees, camera.HorizontalFovDegrees, 1e-9);
        Assert.Equal(525 * 192 / 640.0, camera.Fx, 1e-9);
    }

    [Theory]
    [InlineData(PictureFit.Letterbox, 0.75, 0.75)]
    [InlineData(PictureFit.Cover, 1.0, 1.0)]
    [InlineData(PictureFit.Stretch, 0.75, 1.0)]
    public void For_Fit_ScalesThePictureAboutItsMiddle(PictureFit fit, double x, double y)
    {
        var source = new CameraIntrinsics(640, 480, 500, 510, 330, 235);

        CameraIntrinsics camera = PaintedCamera.For(source, 480, 480, null, fit)!;

        Assert.Equal((500 * x, 510 * y), (camera.Fx, camera.Fy));
        Assert.Equal(239.5 + (10.5 * x), camera.Cx, 1e-9);
        Assert.Equal(239.5 + (-4.5 * y), camera.Cy, 1e-9);
    }

    [Fact]
    public void For_FitOfALens_IsACentredPinholeAsWideAsItsView()
    {
        CameraIntrinsics camera = PaintedCamera.For(Lenses.PlumbBob, 200, 200, null, PictureFit.Cover)!;

        Assert.True(camera.IsPinhole);
        Assert.Equal((99.5, 99.5), (camera.Cx, camera.Cy));
        Assert.Equal(camera.Fx, camera.Fy, 1e-9);
    }

    [Fact]
    public void For_FieldOfViewOfThePainter_WinsOverTheFit() => Assert.Equal(
        PaintedCamera.For(Lenses.PlumbBob, 192, 144, 60), PaintedCamera.For(Lenses.PlumbBob, 192, 144, 60, PictureFit.Stretch));

    [Theory]
    [InlineData(60, 0)]
    [InlineData(40, 0.4)]
    [InlineData(100, 0)]
    public void LeftOut_OfAPinhole_IsThePartBeyondTheEdges(double fov, double expectedAtLeast)
    {
        CameraIntrinsics source = CameraIntrinsics.FromHorizontalFov(640, 480, 60);

        double share = PaintedCamera.LeftOut(source, CameraIntrinsics.FromHorizontalFov(192, 144, fov));

        double side = Math.Min(1, Math.Tan(fov * Math.PI / 360) / Math.Tan(Math.PI / 6));
        Assert.Equal(1 - (side * side), share, 0.02);
        Assert.True(share >= expectedAtLeast, $"{share}");
    }

    [Fact]
    public void LeftOut_OfAFisheye_TellsWhatTheViewCosts_AndTurnedViewsCoverWhatOneCannot()
    {
        // 180 degrees over 1000 pixels.
        var fisheye = new CameraIntrinsics(1000, 1000, 1000 / Math.PI, 1000 / Math.PI, 499.5, 499.5) { DistortionModel = DistortionModel.Equidistant };
        CameraIntrinsics view = CameraIntrinsics.FromHorizontalFov(192, 144, 60);

        double ahead = PaintedCamera.LeftOut(fisheye, view);
        double[] turned = [.. new[] { -60.0, 0, 60 }.Select(yaw => 1 - PaintedCamera.LeftOut(fisheye, view, new CameraView { YawDegrees = yaw }))];

        Assert.InRange(ahead, 0.85, 0.95);
        Assert.Equal(turned[0], turned[2], 0.01);
        Assert.True(turned.Sum() > 2.2 * turned[1], string.Join(" ", turned));
    }

    [Theory]
    [InlineData(30, 0)]
    [InlineData(0, 20)]
    [InlineData(-25, 10)]
    public void Turn_LooksLeftAndDown_AsTheMountDoes(double yaw, double pitch)
    {
        var view = new CameraView { YawDegrees = yaw, PitchDegrees = pitch };
        CameraMount mount = view.Of(CameraMount.OfBody("base_link", 0, 0, 1, UnitQuaternion.Identity));

        (double x, double y, double z) = mount.Rotation.Rotate(0, 0, 1);

        Assert.Equal(pitch, mount.PitchDegrees, 1e-9);
        Assert.Equal(yaw, Math.Atan2(y, x) * 180 / Math.PI, 1e-9);
        Assert.Equal(0, mount.RollDegrees, 1e-9);
        Assert.Equal(-Math.Sin(pitch * Math.PI / 180), z, 1e-12);
    }
}
