using System.Globalization;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Programs;
using VisionBanana.Edge.Sources;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Sources;

public sealed class ProgramKindTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly CameraSourceOptions File = new() { Pace = Pace.None };

    [Theory]
    [InlineData("cam -o -", new[] { "cam", "-o", "-" })]
    [InlineData("  cam 'a b' \"c d\"e \\ f 'it\"s' \"\" ", new[] { "cam", "a b", "c de", " f", "it\"s", "" })]
    [InlineData("/opt/cam $HOME *", new[] { "/opt/cam", "$HOME", "*" })]
    public void Parse_ACommand_IsSplitAndNotExpanded(string command, string[] words)
    {
        var parsed = ProgramCommand.Parse(command);
        Assert.Equal(words, (string[])[parsed.Program, .. parsed.Arguments]);
    }

    [Theory]
    [InlineData("", "names no program")]
    [InlineData("cam 'x", "not closed")]
    [InlineData("./cam", "absolute path")]
    public void Parse_NoCommand_IsRefused(string command, string said) =>
        Assert.Contains(said, Assert.Throws<CameraException>(() => ProgramCommand.Parse(command)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("-pix_fmt yuv420p -f yuv4mpegpipe", null)]
    [InlineData("-pix_fmt gray -f yuv4mpegpipe", null)]
    [InlineData("-pix_fmt nv12 -f rawvideo", "nv12")]
    [InlineData("-pix_fmt yuyv422 -f rawvideo", "yuyv")]
    [InlineData("-pix_fmt bgr24 -f rawvideo", "bgr8")]
    public void Frames_OfFfmpeg_AreAllThereInTheirColour(string output, string? format)
    {
        Require("ffmpeg");
        CameraSourceOptions options = format is null
            ? File
            : File with { RawFormat = RawEncoding.Require(format), Width = 64, Height = 48, FramesPerSecond = 25 };
        (List<byte[]> pictures, ICameraSource source) = Play($"exec:ffmpeg -v error -f lavfi -i color=0x2040C0:s=64x48:r=25 -frames:v 6 {output} -", options);
        Assert.Equal(6, pictures.Count);
        Assert.Equal((64, 48, 25.0, false, "ended"), (source.Width, source.Height, source.FramesPerSecond, source.IsLive, source.State));
        int[] expected = output.Contains("gray", StringComparison.Ordinal) ? [70, 70, 70] : source.Format == PixelFormat.Rgb8 ? [32, 64, 192] : [192, 64, 32];
        Assert.All(pictures, p => Assert.All(expected, (value, i) => Assert.InRange(p[300 + i], value - 8, value + 8)));
    }

    [Theory]
    [InlineData("format=I420 ! y4menc", null)]
    [InlineData("format=NV12", "nv12")]
    public void Frames_OfGStreamer_AreAllThere(string form, string? format)
    {
        Require("gst-launch-1.0");
        CameraSourceOptions options = format is null ? File : File with { RawFormat = RawEncoding.Require(format), Width = 64, Height = 48 };
        (string caps, string encoder) = form.Split(" ! ") is [var a, var b] ? (a, $"! {b} ") : (form, "");
        (List<byte[]> pictures, _) = Play(
            $"exec:gst-launch-1.0 -q videotestsrc pattern=red num-buffers=5 ! video/x-raw,{caps},width=64,height=48,framerate=10/1 {encoder}! fdsink", options);
        Assert.Equal(5, pictures.Count);
        Assert.All(pictures, p => Assert.True(p[300] > 240 && p[301] < 16 && p[302] < 16, $"{p[300]}, {p[301]}, {p[302]}"));
    }

    [Theory]
    [InlineData("FULL", 16)]
    [InlineData("LIMITED", 0)]
    public void Frames_OfFullRange_KeepTheirDarkness(string range, int dark)
    {
        string said = $"YUV4MPEG2 W2 H2 XCOLORRANGE={range}\\nFRAME\\n\\020\\020\\020\\020\\200\\200";
        (List<byte[]> pictures, _) = Play($"exec:printf '{said}'", File);
        Assert.All(Assert.Single(pictures), p => Assert.InRange(p, dark - 1, dark + 1));
    }

    [Theory]
    [InlineData("no-such-program", null, "no-such-program was not found")]
    [InlineData("echo hello --password=S3CRET", null, "YUV4MPEG2: expected its first line")]
    [InlineData("cat /dev/zero", null, "found '' and then byte 0")]
    [InlineData("printf 'YUV4MPEG2 W64 H48\\nFRAME\\nabc'", null, "after 3 of 4608 bytes")]
    [InlineData("printf 'YUV4MPEG2 W64 H48\\nNO\\n'", null, "expected the line before a picture")]
    [InlineData("printf 'YUV4MPEG2 W63 H47\\nFRAME\\n'", null, "sides")]
    [InlineData("head -c 5000 /dev/zero", "rgb8", "after 5000 of 9216 bytes: is the size what it sends?")]
    [InlineData("sh -c 'echo it broke: rtsp://a:S3CRET@cam >&2; exit 7'", "rgb8", "exit code 7; it said: it broke: rtsp://…@cam")]
    [InlineData("sleep 60", "rgb8", "nothing came for 0.7 s")]
    [InlineData("sleep 60", null, "nothing came for 0.7 s")]
    public void Open_AProgramThatLies_SaysWhatIsWrong(string command, string? format, string said)
    {
        CameraSourceOptions options = format is null
            ? new CameraSourceOptions()
            : new CameraSourceOptions { RawFormat = RawEncoding.Require(format), Width = 64, Height = 48 };
        CameraException error = Assert.ThrowsAny<CameraException>(
            () => new ProgramKind().Open($"exec:{command}", options with { OpenTimeout = TimeSpan.FromSeconds(0.7) }));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("S3CRET", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_SettingsThatContradict_AreRefused()
    {
        var kind = new ProgramKind();
        Assert.Contains("expected width and height", Refused(new() { RawFormat = RawEncoding.Require("nv12") }), StringComparison.Ordinal);
        Assert.Contains("leave them out", Refused(new() { Width = 64, Height = 48 }), StringComparison.Ordinal);
        string large = Refused(new() { RawFormat = RawEncoding.Require("nv12"), Width = 16384, Height = 16384 });
        Assert.Contains("at most 67108864", large, StringComparison.Ordinal);
        Assert.Contains("fourcc", Refused(new() { FourCc = "MJPG" }), StringComparison.Ordinal);
        string Refused(CameraSourceOptions options) => Assert.Throws<CameraException>(() => kind.Open("exec:true", options)).Message;
    }

    [Fact]
    public void Frames_ALiveProgramThatEnds_IsStartedAgainAndEndsWithItsSubscription()
    {
        using var folder = new WorkFolder();
        string pid = Path.Combine(folder.Path, "pid");

        // Two pictures and an end; the third time it goes on, and says who it is.
        string script = folder.Write("cam", $$"""
            printf x >> '{{folder.Path}}/starts'
            printf 'YUV4MPEG2 W2 H2\nFRAME\nabcdefFRAME\nghijkl'
            [ $(wc -c < '{{folder.Path}}/starts') -lt 3 ] && exit 3
            echo $$ > '{{pid}}'
            while printf 'FRAME\nmnopqr'; do sleep 0.02; done
            """);
        using ICameraSource source = new ProgramKind().Open($"exec:sh '{script}'");
        Assert.True(source.IsLive);
        int seen = 0;
        var states = new List<string>();
        using var enough = new ManualResetEventSlim();
        using (source.Frames.Subscribe(new Watcher(_ =>
        {
            if (++seen == 12)
            {
                enough.Set();
            }
        })))
        {
            while (!enough.Wait(20))
            {
                states.Add(source.State);
                Assert.InRange(states.Count, 0, 1000);
            }
        }

        Assert.Contains(states, s => s.Contains("reconnecting in 0.5 s: the program ended with exit code 3", StringComparison.Ordinal));
        int id = int.Parse(System.IO.File.ReadAllText(pid), CultureInfo.InvariantCulture);
        Assert.True(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{id}"), 5000));
        Assert.Equal("program sh, 2×2, i420", source.Description);
    }

    [Fact]
    public void Frames_AProgramThatDoesNotWantToEnd_IsEnded()
    {
        using var folder = new WorkFolder();
        string pid = Path.Combine(folder.Path, "pid");
        string script = folder.Write("cam", $"""
            trap '' TERM PIPE
            echo $$ > '{pid}'
            printf 'YUV4MPEG2 W2 H2\nFRAME\nabcdef'
            while true; do sleep 0.1; done
            """);
        using (new ProgramKind().Open($"exec:sh '{script}'"))
        {
            int id = int.Parse(System.IO.File.ReadAllText(pid), CultureInfo.InvariantCulture);
            Assert.True(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{id}"), 5000));
        }
    }

    private static void Require(string program) => Assert.SkipUnless(ChildProgram.Find(program) is not null, $"{program} is not installed");

    private static (List<byte[]> Pictures, ICameraSource Source) Play(string address, CameraSourceOptions options)
    {
        ICameraSource source = new ProgramKind().Open(address, options);
        var pictures = new List<byte[]>();
        using var ended = new ManualResetEventSlim();
        var watcher = new Watcher(f => pictures.Add(f.Pixels.ToArray())) { Ended = ended };
        using (source.Frames.Subscribe(watcher))
        {
            Assert.True(ended.Wait(Limit), source.State);
        }

        Assert.Null(watcher.Error);
        return (pictures, source);
    }

    private sealed class Watcher(Action<CameraFrame> next) : IObserver<CameraFrame>
    {
        public ManualResetEventSlim? Ended { get; init; }

        public Exception? Error { get; private set; }

        public void OnNext(CameraFrame value) => next(value);

        public void OnError(Exception error)
        {
            Error = error;
            Ended?.Set();
        }

        public void OnCompleted() => Ended?.Set();
    }
}
