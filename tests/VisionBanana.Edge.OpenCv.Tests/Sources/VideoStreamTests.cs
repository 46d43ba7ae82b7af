using System.Net;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.OpenCv.Tests.Sources;

public sealed class VideoStreamTests : IDisposable
{
    private readonly MjpegServer _camera = new();
    private readonly FlowCounts _flow = new();

    public VideoStreamTests() => Ffmpeg.RequireOrSkip();

    public void Dispose() => _camera.Dispose();

    [Fact]
    public void Frames_MotionJpeg_ComesLive()
    {
        ICameraSource source = CameraSource.Open(_camera.Url);
        var recorder = new Recorder();

        using (source.Counted(_flow).Subscribe(recorder))
        {
            recorder.WaitFor(10);
        }

        Assert.True(source.IsLive);
        Assert.Equal((320, 240), (source.Width, source.Height));
        Assert.Equal(_flow.CapturedCount, recorder.Pictures.Length + _flow.DroppedCount);
    }

    [Fact]
    public void Frames_HalfOfAJpegArrives_IsACountedDropAndNoPicture()
    {
        _camera.HalfEvery = 5;
        ICameraSource source = CameraSource.Open(_camera.Url);
        var recorder = new Recorder();

        using (source.Counted(_flow).Subscribe(recorder))
        {
            recorder.WaitFor(25);
        }

        Assert.True(_flow[DropReason.Unreadable] >= 3, $"{_flow[DropReason.Unreadable]} of {_flow.CapturedCount}");

        // Noise is bright everywhere; the half that did not come would be grey.
        Assert.All(recorder.Pictures, p => Assert.InRange(p.Mean, 124, 131));
        Assert.Equal(_flow.CapturedCount, recorder.Pictures.Length + _flow.DroppedCount);
    }

    [Fact]
    public async Task Open_ShortFileOverHttp_ComesToo()
    {
        using var work = new WorkFolder();
        string path = Path.Combine(work.Path, "short.mp4");
        using (var encode = new ExternalProcess(
            "ffmpeg", ["-v", "error", "-i", Nearby.SharedData("video/solidWhiteRight.mp4"), "-frames:v", "3", "-movflags", "faststart", path]))
        {
            Assert.True(await encode.WaitAsync(TimeSpan.FromSeconds(60)) == 0, encode.Errors);
        }

        using var server = new HttpListener();
        string url = $"http://127.0.0.1:{WorkFolder.FreePort()}/";
        server.Prefixes.Add(url);
        server.Start();
        _ = Task.Run(async () =>
        {
            byte[] file = await File.ReadAllBytesAsync(path);
            while (true)
            {
                HttpListenerContext asked = await server.GetContextAsync();
                asked.Response.ContentType = "video/mp4";
                await asked.Response.OutputStream.WriteAsync(file);
                asked.Response.Close();
            }
        });

        ICameraSource source = CameraSource.Open($"HTTP{url[4..]}short.mp4");

        Assert.Equal((960, 540), (source.Width, source.Height));
    }

    [Fact]
    public void Frames_Rtsp_ComesLiveAndMoves()
    {
        using var camera = new RtspServer();
        ICameraSource source = CameraSource.Open(camera.Url, new CameraSourceOptions { OpenTimeout = TimeSpan.FromSeconds(20) });
        var recorder = new Recorder();

        using (source.Counted(_flow).Subscribe(recorder))
        {
            recorder.WaitFor(10);
        }

        Assert.Equal((320, 240, 20.0, PixelFormat.Rgb8), (source.Width, source.Height, source.FramesPerSecond, source.Format));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), recorder.Pictures.Take(10).Select(p => p.Sequence));
        Assert.InRange(recorder.Pictures[0].Mean, 60, 200);
        Assert.Equal(0, _flow.DroppedCount);
    }

    [Fact]
    public void Frames_CameraFallsSilent_IsReportedAndConnectedAgain()
    {
        var quick = new CameraSourceOptions { StallTimeout = TimeSpan.FromSeconds(3) };
        ICameraSource source = CameraSource.Open(_camera.Url, quick);
        var recorder = new Recorder();

        using IDisposable subscription = source.Counted(_flow).Subscribe(recorder);
        recorder.WaitFor(2);
        _camera.Silent = true;
        Assert.True(SpinWait.SpinUntil(() => source.State.Contains("nothing came for 3 s", StringComparison.Ordinal), 20_000), source.State);
        _camera.Silent = false;
        recorder.WaitFor(recorder.Pictures.Length + 2);

        Assert.False(recorder.Ended);
    }

    [Fact]
    public void Frames_CameraGoesAway_IsConnectedAgainWithoutAGapInTheNumbers()
    {
        ICameraSource source = CameraSource.Open(_camera.Url);
        var recorder = new Recorder();

        using IDisposable subscription = source.Counted(_flow).Subscribe(recorder);
        recorder.WaitFor(3);
        _camera.GoOffline();
        Assert.True(SpinWait.SpinUntil(() => source.State.StartsWith("reconnecting in", StringComparison.Ordinal), 15_000), source.State);
        int before = recorder.Pictures.Length;
        _camera.GoOnline();
        recorder.WaitFor(before + 3);

        Assert.False(recorder.Ended);
        Assert.Equal("running", source.State);

        // Numbers go on where they were; one that is missing belongs to a picture that was counted as dropped.
        long[] numbers = [.. recorder.Pictures.Select(p => p.Sequence)];
        Assert.Equal(numbers.Distinct().Order(), numbers);
        long dropped = Enum.GetValues<DropReason>().Sum(reason => _flow[reason]);
        Assert.InRange(numbers[^1] + 1 - numbers.Length, 0, dropped);
    }

    [Fact]
    public void Frames_CameraRepeatsOnePicture_IsStaleAndNotPublishedAgain()
    {
        _camera.Frozen = true;
        ICameraSource source = CameraSource.Open(_camera.Url);
        var recorder = new Recorder();

        using IDisposable subscription = source.Counted(_flow).Subscribe(recorder);
        Assert.True(SpinWait.SpinUntil(() => _flow[DropReason.Stale] >= 5, 15_000));
        int published = recorder.Pictures.Length;
        string state = source.State;
        _camera.Frozen = false;
        recorder.WaitFor(published + 3);

        Assert.Equal(1, published);
        Assert.Contains("repeats", state, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_ConsumerKeepsEveryPicture_NewOnesAreCountedDrops()
    {
        ICameraSource source = CameraSource.Open(_camera.Url, new CameraSourceOptions { PoolCapacity = 2 });
        var kept = new List<CameraFrame>();
        var recorder = new Recorder(f =>
        {
            f.Retain();
            kept.Add(f);
        });

        using (source.Counted(_flow).Subscribe(recorder))
        {
            Assert.True(SpinWait.SpinUntil(() => _flow[DropReason.PoolExhausted] >= 3, 15_000));
        }

        Assert.Equal(2, recorder.Pictures.Length);
        kept.ForEach(f => f.Dispose());
    }

    [Fact]
    public void Frames_StreamChangesItsSize_AreCountedDropsAndNeverStretched()
    {
        using var camera = new FileServer(Nearby.SharedData("field/resolution-640x480-then-640x360.ts"));

        // Without nobuffer: it leaves out what was read to find out what comes, here everything.
        ICameraSource source = CameraSource.Open(camera.Url, new CameraSourceOptions { FfmpegOptions = ["-fflags", "genpts"] });
        var sizes = new HashSet<(int, int)>();
        var recorder = new Recorder(f => sizes.Add((f.Width, f.Height)));

        using (source.Counted(_flow).Subscribe(recorder))
        {
            Assert.True(SpinWait.SpinUntil(() => source.State.StartsWith("reconnecting", StringComparison.Ordinal), 30_000), source.State);
        }

        // 45 pictures of each size.
        Assert.Equal([(640, 480)], sizes);
        Assert.Equal((45, 45), (recorder.Pictures.Length, _flow[DropReason.Unreadable]));
        Assert.Equal(44, recorder.Pictures[^1].Sequence);
    }

    [Fact]
    public void Open_SchemeInUpperCase_IsTheSame()
    {
        using ICameraSource source = CameraSource.Open(_camera.Url.Replace("http", "HTTP", StringComparison.Ordinal));
        Assert.Equal((320, 240), (source.Width, source.Height));
    }

    [Fact]
    public void Open_Udp_ComesWithFfmpegsOptions()
    {
        using var camera = new UdpCamera();
        using ICameraSource source = CameraSource.Open(camera.Url, new CameraSourceOptions { FfmpegOptions = ["-analyzeduration", "500000"] });
        var recorder = new Recorder();
        using IDisposable subscription = source.Frames.Subscribe(recorder);
        recorder.WaitFor(3);
        Assert.Equal((320, 240), (source.Width, source.Height));
    }

    [Fact]
    public void Open_NothingComes_SaysHowLongItWaited()
    {
        _camera.Silent = true;
        var error = Assert.ThrowsAny<CameraException>(
            () => CameraSource.Open(_camera.Url, new CameraSourceOptions { OpenTimeout = TimeSpan.FromMilliseconds(700) }));
        Assert.Contains("nothing came for 0.7 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-i", "/etc/passwd")]
    [InlineData("out.mp4", "x")]
    [InlineData("-an")]
    public void Open_FfmpegOptionsThatAreNone_AreRefused(params string[] options)
    {
        var error = Assert.ThrowsAny<CameraException>(() => CameraSource.Open(_camera.Url, new CameraSourceOptions { FfmpegOptions = options }));
        Assert.Contains("pairs of a name", error.Message, StringComparison.Ordinal);
    }
}
