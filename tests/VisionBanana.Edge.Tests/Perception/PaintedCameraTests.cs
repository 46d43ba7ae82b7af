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
}
