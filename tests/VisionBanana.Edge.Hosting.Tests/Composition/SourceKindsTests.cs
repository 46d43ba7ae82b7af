using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Hosting.Tests.Composition;

public sealed class SourceKindsTests
{
    [Fact]
    public void All_HoldsEveryKindOfEveryLibrary()
    {
        // A kind that is written but not in the table is named here.
        IEnumerable<Type> written = new[] { typeof(SourceKind), typeof(CameraSource), typeof(SourceKinds) }.SelectMany(t => t.Assembly.GetTypes())
            .Where(t => t.IsSubclassOf(typeof(SourceKind)) && !t.IsAbstract && t.Name != "PictureList");
        Assert.Equal(written.Select(t => t.Name).Order(), SourceKinds.All.Kinds.Select(k => k.GetType().Name).Order());
    }

    [Theory]
    [InlineData("exec:ffmpeg -i rtsp://host/stream -f yuv4mpegpipe -", "a program")]
    [InlineData("rtsp://host/stream", "a stream")]
    [InlineData("HTTP://host/drive.mcap", "a stream")]
    [InlineData("/dev/video0", "a camera")]
    [InlineData("0", "a camera")]
    [InlineData("drive.mcap", "a recording")]
    [InlineData("bag.db3", "a recording")]
    [InlineData("drive.mcap.zstd", "a recording")]
    [InlineData(".", "a folder of pictures")]
    [InlineData("clip.mp4", "a video file")]
    [InlineData("table.JPG", "a picture")]
    [InlineData("nothing.mp4", null)]
    public void Find_Address_IsOfOneKind(string address, string? kind)
    {
        using var folder = new WorkFolder();
        string path = address is "clip.mp4" or "table.JPG" ? folder.Write(address, "x") : address;
        Assert.Equal(kind, SourceKinds.All.Find(path)?.Name);
    }

    [Fact]
    public void Open_NothingThere_NamesEveryKindWithAnExample()
    {
        CameraException error = Assert.Throws<CameraException>(() => SourceKinds.All.Open("none.mp4"));
        Assert.All(SourceKinds.All.Kinds, kind => Assert.Contains($"{kind.Name} ({kind.Example})", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Takes_EverySetting_IsTakenByOneKindAndRefusedByAnotherByName()
    {
        Assert.All(Enum.GetValues<SourceSettings>(), s => Assert.Contains(SourceKinds.All.Kinds, k => (k.Takes & s) == s));
        (CameraSourceOptions Options, SourceSettings Setting, string Name)[] settings =
        [
            (new() { Pace = Pace.None }, SourceSettings.Pace, "pace: none"),
            (new() { Loop = true }, SourceSettings.Loop, "loop"),
            (new() { FramesPerSecond = 5 }, SourceSettings.Rate, "rate_hz"),
            (new() { Width = 640 }, SourceSettings.Size, "width"),
            (new() { Height = 480 }, SourceSettings.Size, "height"),
            (new() { FourCc = "MJPG" }, SourceSettings.FourCc, "fourcc"),
            (new() { Topic = "/camera" }, SourceSettings.Topic, "topic"),
            (new() { HorizontalFovDegrees = 60 }, SourceSettings.FieldOfView, "hfov_deg"),
            (new() { OpenTimeout = TimeSpan.FromSeconds(1) }, SourceSettings.Timeouts, "open_timeout_ms"),
            (new() { StallTimeout = TimeSpan.FromSeconds(1) }, SourceSettings.Timeouts, "stall_timeout_ms"),
            (new() { FfmpegOptions = ["-probesize", "5000"] }, SourceSettings.Ffmpeg, "ffmpeg_options"),
            (new() { RedirectHosts = ["cdn.example"] }, SourceSettings.Redirects, "redirect_hosts"),
            (new() { Scale = SampleScale.Auto }, SourceSettings.Scale, "scale"),
            (new() { Rotation = PictureRotation.Exif }, SourceSettings.Rotation, "rotate: exif"),
            (new() { RawFormat = RawEncoding.Find("nv12") }, SourceSettings.RawFormat, "format"),
        ];
        Assert.Equal(Enum.GetValues<SourceSettings>().Where(s => s != SourceSettings.None), settings.Select(s => s.Setting).Distinct());
        foreach ((CameraSourceOptions options, SourceSettings setting, string name) in settings)
        {
            foreach (SourceKind kind in SourceKinds.All.Kinds.Where(k => (k.Takes & setting) == 0))
            {
                CameraException error = Assert.Throws<CameraException>(() => kind.Open("nowhere", options));
                Assert.Equal($"{name}: not possible for {kind.Name}; leave it out.", error.Message);
            }
        }
    }
}
