using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.OpenCv.Tests.Sources;

public sealed class CameraSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vbedge-source-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_CalibrationOfAnotherSize_SaysBothSizes()
    {
        var camera = new CameraIntrinsics(1280, 720, 900, 900, 640, 360) { Name = "front" };

        var error = Assert.ThrowsAny<CameraException>(
            () => CameraSource.Open(Nearby.SharedData("video/vtest.avi"), new CameraSourceOptions { Intrinsics = camera }));

        Assert.Contains("'front' is for 1280×720", error.Message, StringComparison.Ordinal);
        Assert.Contains("768×576", error.Message, StringComparison.Ordinal);
        Assert.Contains("calibrate again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_CalibrationOfTheSameAspect_IsScaledAndTold()
    {
        var camera = new CameraIntrinsics(1536, 1152, 1800, 1810, 760, 580) { Name = "front" };
        var log = new LogLines();

        ICameraSource source = CameraSource.Open(Nearby.SharedData("video/vtest.avi"), new CameraSourceOptions { Intrinsics = camera, Logger = log });

        Assert.Equal(camera.Resized(768, 576), source.Intrinsics);
        string line = Assert.Single(log.Lines);
        Assert.Contains("'front' for 1536×1152 is scaled", line, StringComparison.Ordinal);
        Assert.Contains("768×576", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_RealCalibration_TravelsWithEveryPicture()
    {
        CameraIntrinsics camera = CameraInfoYaml.Read(Nearby.SharedData("real/tabletop-a/camera.yaml"));
        ICameraSource source = CameraSource.Open(
            Nearby.SharedData("real/tabletop-a/rgb"), new CameraSourceOptions { Intrinsics = camera, FrameId = "kinect_optical" });
        int right = 0;
        var recorder = new Recorder(f => right += ReferenceEquals(f.Intrinsics, camera) && f.FrameId == "kinect_optical" ? 1 : 0);

        using IDisposable subscription = source.Frames.Subscribe(recorder);
        recorder.WaitForEnd();

        Assert.Same(camera, source.Intrinsics);
        Assert.Equal(45, right);
    }

    [Fact]
    public void Open_FieldOfView_BecomesAPinholeOfThePicturesSize()
    {
        ICameraSource source = CameraSource.Open(Nearby.SharedData("video/vtest.avi"), new CameraSourceOptions { HorizontalFovDegrees = 60 });

        Assert.Equal(CameraIntrinsics.FromHorizontalFov(768, 576, 60), source.Intrinsics);
    }

    [Fact]
    public void Open_NoCalibration_ClaimsNone() => Assert.Null(CameraSource.Open(Nearby.SharedData("video/vtest.avi")).Intrinsics);

    [Theory]
    [InlineData("none.mp4", "There is nothing at")]
    [InlineData("gopher://host/x", "no stream that can be read")]
    [InlineData("250", "There is no camera at /dev/video250")]
    [InlineData("/dev/null", "cannot be opened as a camera")]
    [InlineData("http://127.0.0.1:1/video", "delivers no picture: ")]
    [InlineData("rtsp://user:secret@127.0.0.1:1/live", "rtsp://…@127.0.0.1:1/live delivers no picture: ")]
    public void Open_NothingThere_SaysWhatIsWrong(string source, string expected)
    {
        if (source.Contains("127.0.0.1", StringComparison.Ordinal))
        {
            Ffmpeg.RequireOrSkip();
        }

        var error = Assert.ThrowsAny<CameraException>(() => CameraSource.Open(source));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text.mp4", "no video that can be played")]
    [InlineData("empty.mp4", "is empty")]
    [InlineData("text.jpg", "None of the 1 pictures")]
    [InlineData("", "holds no pictures")]
    public void Open_WrongFile_SaysWhatIsWrong(string name, string expected)
    {
        string path = Path.Combine(_folder, name);
        if (name.Length > 0)
        {
            File.WriteAllText(path, name.StartsWith("empty", StringComparison.Ordinal) ? "" : "this is text");
        }

        var error = Assert.ThrowsAny<CameraException>(() => CameraSource.Open(path));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_VideoCutOffBeforeItsFirstPicture_SaysThatNothingIsReadable()
    {
        string path = Path.Combine(_folder, "cut.avi");
        File.WriteAllBytes(path, File.ReadAllBytes(Nearby.SharedData("video/vtest.avi"))[..2100]);

        var error = Assert.ThrowsAny<CameraException>(() => CameraSource.Open(path));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("ffprobe", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<CameraSourceOptions, string> WrongOptions => new()
    {
        { new CameraSourceOptions { FourCc = "MJPG", Width = 640 }, "width, fourcc: not possible for a video file" },
        { new CameraSourceOptions { FramesPerSecond = -1 }, "A rate of -1 Hz" },
        { new CameraSourceOptions { HorizontalFovDegrees = 190 }, "190°" },
        { new CameraSourceOptions { PoolCapacity = 0 }, "at least 1" },
        { new CameraSourceOptions { HorizontalFovDegrees = 60, Intrinsics = new CameraIntrinsics(768, 576, 500, 500, 384, 288) }, "leave one of them out" },
    };

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public void Open_OptionsThatMakeNoSense_AreRefused(CameraSourceOptions options, string expected)
    {
        var error = Assert.ThrowsAny<CameraException>(() => CameraSource.Open(Nearby.SharedData("video/vtest.avi"), options));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenStream_WithLoop_IsRefused()
    {
        var error = Assert.ThrowsAny<CameraException>(() => CameraSource.OpenStream("rtsp://127.0.0.1/x", new CameraSourceOptions { Loop = true }));

        Assert.Contains("loop: not possible for a stream", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_MissingNativeLibrary_SaysWhatToInstall()
    {
        var inner = new DllNotFoundException("Unable to load shared library 'OpenCvSharpExtern': libgtk-3.so.0");

        CameraException error = NativeOpenCv.Explain(new TypeInitializationException("OpenCvSharp.Internal.NativeMethods", inner));

        Assert.Contains("apt-get install -y --no-install-recommends libgtk-3-0 libatomic1 libdrm2", error.Message, StringComparison.Ordinal);
        Assert.Contains("libgtk-3.so.0", error.Message, StringComparison.Ordinal);
    }
}
