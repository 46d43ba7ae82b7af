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
}
