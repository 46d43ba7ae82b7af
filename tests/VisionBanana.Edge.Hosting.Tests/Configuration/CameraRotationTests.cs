using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Hosting.Tests.Configuration;

public sealed class CameraRotationTests
{
    private const string Mount = "mount: {parent: base_link, position_m: [0, 0, 0.4], rpy_deg: [10, 20, 30]}";

    [Theory]
    [InlineData("none", PictureRotation.Sensor)]
    [InlineData("0", PictureRotation.Sensor)]
    [InlineData("exif", PictureRotation.Exif)]
    [InlineData("90", PictureRotation.Clockwise90)]
    [InlineData("180", PictureRotation.Clockwise180)]
    [InlineData("270", PictureRotation.Clockwise270)]
    public void Read_Rotate_IsOfTheSourceAndTurnsTheMount(string word, PictureRotation rotation)
    {
        using var folder = new WorkFolder();
        CameraEntry camera = Read(folder, $"rotate: {word}\n  {Mount}"), plain = Read(folder, Mount);
        Assert.Equal(rotation, camera.Source.Options.Rotation);
        CameraMount expected = plain.Mount!.Turned(TurnedSource.QuarterTurns(rotation));
        Assert.Equal(expected.Rotation, camera.Mount!.Rotation);
    }

    [Fact]
    public void Open_RotatedBy90_PicturesAndCalibrationFollow()
    {
        using var folder = new WorkFolder();
        using ICameraSource source = CameraOpener.Open(Read(folder, "rotate: 90"), NullLogger.Instance);
        using ICameraSource plain = CameraOpener.Open(Read(folder, ""), NullLogger.Instance);
        Assert.Equal((plain.Height, plain.Width), (source.Width, source.Height));
        Assert.Equal(plain.Intrinsics!.Turned(1), source.Intrinsics);
    }

    [Fact]
    public void Read_AnotherAngle_IsRefused()
    {
        using var folder = new WorkFolder();
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => Read(folder, "rotate: 45"));
        Assert.Contains("90", error.Message, StringComparison.Ordinal);
        Assert.Contains("45", error.Message, StringComparison.Ordinal);
    }

    private static CameraEntry Read(WorkFolder folder, string lines) => PipelineFile.Read(folder.Write(
        "p.yaml", DemoFile.Text("zeromq: {}").Replace("  name: room", $"  name: room\n  {lines}", StringComparison.Ordinal))).Camera;
}
