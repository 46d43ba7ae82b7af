using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Tests.Pictures;

public sealed class PictureFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vbedge-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_RealPicture_HasItsPixelsTimeAndCalibration()
    {
        string path = Nearby.SharedData("real/tabletop-a/rgb/000.jpg");
        CameraIntrinsics camera = CameraInfoYaml.Read(Nearby.SharedData("real/tabletop-a/camera.yaml"));
        using Mat expected = Cv2.ImRead(path, ImreadModes.Color);

        using CameraFrame frame = PictureFile.Read(path, camera, new Sources.ManualClock());

        Assert.Equal((640, 480, PixelFormat.Bgr8, 0L), (frame.Width, frame.Height, frame.Format, frame.SequenceNumber));
        Assert.True(expected.AsSpan<byte>().SequenceEqual(frame.Pixels));
        Assert.Same(camera, frame.Intrinsics);
        Assert.Equal(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1_000_000, frame.CapturedAt.UtcNs);
    }

    [Fact]
    public void Read_CalibrationOfAnotherSize_IsRefused()
    {
        var error = Assert.Throws<CameraException>(
            () => PictureFile.Read(Nearby.SharedData("real/tabletop-a/rgb/000.jpg"), new CameraIntrinsics(1280, 720, 900, 900, 640, 360)));

        Assert.Contains("1280×720", error.Message, StringComparison.Ordinal);
        Assert.Contains("640×480", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CutOffOrMissingOrOther_SaysWhich()
    {
        string cut = Path.Combine(_folder, "cut.jpg"), text = Path.Combine(_folder, "text.jpg");
        File.WriteAllBytes(cut, File.ReadAllBytes(Nearby.SharedData("real/tabletop-a/rgb/000.jpg"))[..9000]);
        File.WriteAllText(text, "no picture");

        Assert.Contains("cut off", Assert.Throws<CameraException>(() => PictureFile.Read(cut)).Message, StringComparison.Ordinal);
        Assert.Contains("no picture that can be decoded", Assert.Throws<CameraException>(() => PictureFile.Read(text)).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<CameraException>(() => PictureFile.Read(cut + "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_PipeOrDevice_IsRefusedWithoutWaiting()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mkfifo"), "mkfifo (coreutils) is not installed");
        string pipe = Path.Combine(_folder, "pipe.jpg"), link = Path.Combine(_folder, "link.jpg"), pictures = Path.Combine(_folder, "pictures");
        using (var mkfifo = System.Diagnostics.Process.Start("/usr/bin/mkfifo", [pipe]))
        {
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        File.CreateSymbolicLink(link, pipe);
        foreach (string path in (string[])[pipe, link, "/dev/zero"])
        {
            CameraException error = await Task.Run(() => Assert.Throws<CameraException>(() => PictureFile.Read(path)))
                .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            Assert.Contains("pipe or device", error.Message, StringComparison.Ordinal);
        }

        // Nor among the pictures of a folder, where it is one that cannot be read.
        Directory.CreateDirectory(pictures);
        File.Copy(Nearby.SharedData("real/tabletop-a/rgb/000.jpg"), Path.Combine(pictures, "a.jpg"));
        File.Move(pipe, Path.Combine(pictures, "b.jpg"));
        var flow = new Sources.FlowCounts();
        using ICameraSource source = OpenCv.Sources.CameraSource.OpenFolder(pictures);
        var recorder = new Sources.Recorder();
        using (source.Counted(flow).Subscribe(recorder))
        {
            recorder.WaitForEnd();
        }

        Assert.Equal((2, 1), (flow.CapturedCount, flow.DroppedCount));
    }

    [Fact]
    public void Read_JpegCutOffBehindItsPreview_IsCutOff()
    {
        using var picture = new Mat(120, 160, MatType.CV_8UC3);
        Cv2.Randu(picture, Scalar.All(0), Scalar.All(255));
        byte[] preview = picture.Resize(new Size(16, 12)).ToBytes(".jpg"), whole = picture.ToBytes(".jpg");

        // As cameras write it: the preview in a segment of the file, then the picture.
        byte[] camera = [.. whole[..2], 0xFF, 0xE1, (byte)((preview.Length + 2) >> 8), (byte)(preview.Length + 2), .. preview, .. whole[2..]];
        string good = Path.Combine(_folder, "good.jpg"), cut = Path.Combine(_folder, "half.jpg");
        File.WriteAllBytes(good, [.. camera, 0, 0, 0]);
        File.WriteAllBytes(cut, camera[..^(whole.Length / 2)]);

        using CameraFrame read = PictureFile.Read(good);
        Assert.Equal((160, 120), (read.Width, read.Height));
        Assert.Contains("cut off", Assert.Throws<CameraException>(() => PictureFile.Read(cut)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PictureRotation.Sensor, 160, 120)]
    [InlineData(PictureRotation.Exif, 120, 160)]
    public void Read_PictureThatSaysItsRotation_IsTurnedWhenAsked(PictureRotation rotation, int width, int height)
    {
        using var picture = new Mat(120, 160, MatType.CV_8UC3, Scalar.All(50));
        byte[] whole = picture.ToBytes(".jpg");

        // Orientation 6: turn right.
        byte[] exif =
        [
            .. "Exif\0\0MM\0*\0\0\0\b"u8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
        ];
        string path = Path.Combine(_folder, "turned.jpg");
        File.WriteAllBytes(path, [.. whole[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. whole[2..]]);

        using CameraFrame read = PictureFile.Read(path, reading: new PictureReading(rotation));

        Assert.Equal((width, height), (read.Width, read.Height));
    }

    [Fact]
    public void Read_PictureOf16Bits_ShowsTheRangeThatWasAsked()
    {
        string path = Path.Combine(_folder, "thermal.png");
        using (var thermal = new Mat(64, 256, MatType.CV_16UC1))
        {
            for (int x = 0; x < 256; x++)
            {
                using Mat column = thermal.SubMat(0, 64, x, x + 1);
                column.SetTo(Scalar.All(8000 + (x * 4)));
            }

            Assert.True(Cv2.ImWrite(path, thermal));
        }

        var auto = new PictureReading(scaler: new SampleScaler(SampleScale.Auto));
        var set = new PictureReading(scaler: new SampleScaler(new SampleScale((8000, 9020))));
        using CameraFrame whole = PictureFile.Read(path), scaled = PictureFile.Read(path, reading: auto), asked = PictureFile.Read(path, reading: set);

        Assert.InRange(whole.Pixels[255 * 3] - whole.Pixels[0], 0, 5);
        Assert.Equal((0, 255), (scaled.Pixels[0], scaled.Pixels[255 * 3]));
        Assert.Equal((8000, 9020), auto.Range);
        for (int x = 0; x < 256; x++)
        {
            Assert.Equal(x, asked.Pixels[x * 3]);
        }
    }

    [Fact]
    public void WriteDepth_Metres_AreMillimetresWithZeroForNone()
    {
        string path = Path.Combine(_folder, "depth.png");

        PictureFile.WriteDepth(path, [1.2344f, 0.5f, float.NaN, float.PositiveInfinity, 70, 65.535f], 3, 2);

        using Mat depth = Cv2.ImRead(path, ImreadModes.Unchanged);
        depth.GetArray(out ushort[] millimetres);
        Assert.Equal([1234, 500, 0, 0, 0, 65535], millimetres);
    }

    [Fact]
    public void WriteLabels_SmallIds_AreBytesWith255ForUnknown()
    {
        string path = Path.Combine(_folder, "labels.png");

        PictureFile.WriteLabels(path, [0, 7, 254, LabelPlane.Unknown], 2, 2);

        using Mat labels = Cv2.ImRead(path, ImreadModes.Unchanged);
        Assert.Equal(MatType.CV_8UC1, labels.Type());
        labels.GetArray(out byte[] ids);
        Assert.Equal([0, 7, 254, 255], ids);
    }

    [Fact]
    public void WriteLabels_LargeIds_Are16Bits()
    {
        string path = Path.Combine(_folder, "labels.png");

        PictureFile.WriteLabels(path, [0, 300, 255, LabelPlane.Unknown], 2, 2);

        using Mat labels = Cv2.ImRead(path, ImreadModes.Unchanged);
        labels.GetArray(out ushort[] ids);
        Assert.Equal([0, 300, 255, 65535], ids);
    }

    [Fact]
    public void WriteRgb_ThenRead_IsTheSamePicture()
    {
        string path = Path.Combine(_folder, "picture.png");
        byte[] rgb = [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7];

        PictureFile.WriteRgb(path, rgb, 2, 2);

        using CameraFrame frame = PictureFile.Read(path);
        byte[] back = new byte[12];
        ChannelOrder.ToRgb(frame.Pixels, frame.Format, back);
        Assert.Equal(rgb, back);
    }

    [Fact]
    public void WriteRgb_FolderThatDoesNotExist_IsAClearError()
    {
        var error = Assert.Throws<CameraException>(() => PictureFile.WriteRgb(Path.Combine(_folder, "no", "x.png"), new byte[12], 2, 2));

        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
    }
}
