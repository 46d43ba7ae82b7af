using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.OpenCv.Tests.Sources;

public sealed class VideoFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vbedge-video-").FullName;
    private readonly FlowCounts _flow = new();

    private static CameraSourceOptions Unpaced => new() { Pace = Pace.None };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("ffconcat version 1.0\nfile '{0}'\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{0}\n#EXT-X-ENDLIST\n")]
    [InlineData("ffconcat version 1.0\n# \0\u00ff\nfile '{0}'\n")]
    [InlineData("\u00ef\u00bb\u00bf  ffconcat version 1.0\nfile '{0}'\n")]
    [InlineData("<!-- \u0001 --><MPD profiles=\"urn:mpeg:dash:profile:isoff-on-demand:2011\"></MPD>")]
    [InlineData("s=x\nc=IN IP4 127.0.0.1\nm=video 5000 RTP/AVP 96\n")]
    [InlineData("any text at all")]
    public void Open_TextThatNamesAnotherFile_IsRefused(string text)
    {
        string path = Path.Combine(_folder, "video.mp4"), video = Nearby.SharedData("video/solidWhiteRight.mp4");
        File.WriteAllBytes(path, System.Text.Encoding.Latin1.GetBytes(text.Replace("{0}", video, StringComparison.Ordinal)));

        var error = Assert.Throws<CameraException>(() => CameraSource.Open(path));

        Assert.Contains("it is a text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_H264Video_DeliversEveryPictureOnce()
    {
        ICameraSource source = CameraSource.Open(Nearby.SharedData("video/solidWhiteRight.mp4"), Unpaced);
        var recorder = new Recorder();

        using IDisposable subscription = source.Counted(_flow).Subscribe(recorder);
        recorder.WaitForEnd();

        Assert.Null(recorder.Error);
        Assert.Equal((960, 540, false, 25.0), (source.Width, source.Height, source.IsLive, source.FramesPerSecond));
        Assert.Equal(Enumerable.Range(0, 221).Select(i => (long)i), recorder.Pictures.Select(p => p.Sequence));
        Assert.All(recorder.Pictures, p => Assert.InRange(p.Mean, 60, 180));
        Assert.Equal((221, 0), (_flow.CapturedCount, _flow.DroppedCount));
        Assert.Equal("ended", source.State);
    }

    [Fact]
    public void Frames_VideoCutInHalf_EndsWithWhatWasReadableAndCountsTheRest()
    {
        byte[] whole = File.ReadAllBytes(Nearby.SharedData("video/vtest.avi"));
        string path = Path.Combine(_folder, "cut.avi");
        File.WriteAllBytes(path, whole[..(whole.Length / 4)]);
        ICameraSource source = CameraSource.OpenVideo(path, Unpaced);
        var recorder = new Recorder();

        using IDisposable subscription = source.Counted(_flow).Subscribe(recorder);
        recorder.WaitForEnd();

        Assert.Null(recorder.Error);
        Assert.InRange(recorder.Pictures.Length, 100, 300);
        Assert.Equal(795, _flow.CapturedCount);
        Assert.Equal(795 - recorder.Pictures.Length, _flow[DropReason.Unreadable]);
        Assert.Contains("could not be read", source.State, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_Paced_FollowTheClock()
    {
        var clock = new ManualClock();
        ICameraSource source = CameraSource.OpenVideo(Nearby.SharedData("video/solidWhiteRight.mp4"), new CameraSourceOptions { Clock = clock });
        var recorder = new Recorder();

        using IDisposable subscription = source.Counted(_flow).Subscribe(recorder);
        for (int i = 1; i <= 5; i++)
        {
            recorder.WaitFor(i);
            SpinWait.SpinUntil(() => clock.ArmedTimers > 0, 10_000); // The next picture is decoded and waits for its time.
            Assert.Equal(i, recorder.Pictures.Length);
            clock.Advance(TimeSpan.FromMilliseconds(40));
        }

        recorder.WaitFor(6);
        CaptureTime[] times = [.. recorder.Pictures.Select(p => p.At)];
        Assert.Equal(Enumerable.Range(0, 6).Select(i => i * 40_000_000L), times.Take(6).Select(t => t.MonotonicNs - times[0].MonotonicNs));
        Assert.Equal(40_000_000, times[1].UtcNs - times[0].UtcNs);
    }

    [Fact]
    public void Frames_VariableRate_KeepTheStampsOfTheFile()
    {
        var clock = new ManualClock();
        ICameraSource source = CameraSource.OpenVideo(Nearby.SharedData("field/vfr-15hz-then-5hz.mp4"), new CameraSourceOptions { Clock = clock });
        var recorder = new Recorder();

        using IDisposable subscription = source.Frames.Subscribe(recorder);
        for (long limit = Environment.TickCount64 + 60_000; !recorder.Ended && Environment.TickCount64 < limit;)
        {
            if (clock.ArmedTimers > 0)
            {
                clock.Advance(TimeSpan.FromMilliseconds(1));
            }
        }

        recorder.WaitForEnd();
        CaptureTime[] times = [.. recorder.Pictures.Select(p => p.At)];
        double[] gaps = [.. times.Zip(times.Skip(1)).Select(t => (t.Second.MonotonicNs - t.First.MonotonicNs) / 1e6)];
        Assert.Contains(gaps, g => g is > 65 and < 69);
        Assert.Contains(gaps, g => g is > 198 and < 202);
        Assert.All(gaps, g => Assert.True(g is (> 65 and < 69) or (> 131 and < 136) or (> 198 and < 202), string.Join(" ", gaps)));
    }

    [Fact]
    public async Task Frames_RawH264_ComesAtTheRateItIsTold()
    {
        Ffmpeg.RequireOrSkip();
        string path = Path.Combine(_folder, "raw.h264");
        using (var encode = new ExternalProcess(
            "ffmpeg",
            ["-v", "error", "-i", Nearby.SharedData("video/solidWhiteRight.mp4"), "-c", "copy", "-bsf:v", "h264_mp4toannexb", "-frames:v", "8", path]))
        {
            Assert.True(await encode.WaitAsync(TimeSpan.FromSeconds(60)) == 0, encode.Errors);
        }

        var clock = new ManualClock();
        ICameraSource source = CameraSource.OpenVideo(path, new CameraSourceOptions { Clock = clock, FramesPerSecond = 10 });
        var recorder = new Recorder();

        using IDisposable subscription = source.Frames.Subscribe(recorder);
        for (int i = 1; i <= 4; i++)
        {
            recorder.WaitFor(i);
            SpinWait.SpinUntil(() => clock.ArmedTimers > 0, 10_000);
            clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        recorder.WaitFor(5);
        CaptureTime[] times = [.. recorder.Pictures.Select(p => p.At)];
        Assert.Equal(10, source.FramesPerSecond);
        Assert.Equal([100.0, 100, 100, 100], times.Zip(times.Skip(1)).Take(4).Select(t => (t.Second.MonotonicNs - t.First.MonotonicNs) / 1e6));
    }

    [Fact]
    public void Frames_Loop_BeginsAgainWithoutAGapInTheNumbers()
    {
        ICameraSource source = CameraSource.OpenVideo(Nearby.SharedData("video/solidWhiteRight.mp4"), Unpaced with { Loop = true });
        var recorder = new Recorder();

        using (source.Counted(_flow).Subscribe(recorder))
        {
            recorder.WaitFor(230);
        }

        (long Sequence, CaptureTime At, int Mean)[] pictures = recorder.Pictures;
        Assert.Equal(Enumerable.Range(0, pictures.Length).Select(i => (long)i), pictures.Select(p => p.Sequence));
        Assert.Equal(pictures[3].Mean, pictures[224].Mean);
        Assert.False(recorder.Ended);
    }

    [Fact]
    public void Dispose_WhilePlaying_NothingIsPublishedOrCountedAfterwards()
    {
        ICameraSource source = CameraSource.OpenVideo(Nearby.SharedData("video/vtest.avi"), Unpaced);
        var recorder = new Recorder();

        IDisposable subscription = source.Counted(_flow).Subscribe(recorder);
        recorder.WaitFor(5);
        subscription.Dispose();
        (int pictures, int captured) = (recorder.Pictures.Length, _flow.CapturedCount);
        SpinWait.SpinUntil(() => source.State == "stopped", 10_000);

        Assert.Equal("stopped", source.State);
        Assert.Equal((pictures, captured), (recorder.Pictures.Length, _flow.CapturedCount));
        Assert.Equal(captured, pictures);
        Assert.False(recorder.Ended);
    }

    [Fact]
    public void Frames_ConsumerKeepsEveryPicture_TheFileWaitsAndLosesNothing()
    {
        ICameraSource source = CameraSource.OpenVideo(Nearby.SharedData("video/solidWhiteRight.mp4"), Unpaced with { PoolCapacity = 3 });
        var kept = new Queue<CameraFrame>();
        var recorder = new Recorder(f =>
        {
            lock (kept)
            {
                f.Retain();
                kept.Enqueue(f);
            }
        });

        using IDisposable subscription = source.Counted(_flow).Subscribe(recorder);
        for (int i = 3; i < 221; i++)
        {
            recorder.WaitFor(i);
            Assert.Equal(i, recorder.Pictures.Length);
            lock (kept)
            {
                kept.Dequeue().Dispose();
            }
        }

        recorder.WaitForEnd();
        Assert.Equal((221, 0), (_flow.CapturedCount, _flow.DroppedCount));
        while (kept.TryDequeue(out CameraFrame? frame))
        {
            frame.Dispose();
        }
    }

    [Fact]
    public void Frames_ObserverThrows_PictureIsCountedAndTheRestComes()
    {
        ICameraSource source = CameraSource.OpenVideo(Nearby.SharedData("video/solidWhiteRight.mp4"), Unpaced);
        var recorder = new Recorder(f =>
        {
            if (f.SequenceNumber == 7)
            {
                throw new InvalidOperationException("on purpose");
            }
        });

        using IDisposable subscription = source.Counted(_flow).Subscribe(recorder);
        recorder.WaitForEnd();

        Assert.Equal(220, recorder.Pictures.Length);
        Assert.Equal(1, _flow[DropReason.ObserverFailed]);
    }

    [Fact]
    public void Frames_TwoSubscriptions_EachPlaysFromTheBeginning()
    {
        ICameraSource source = CameraSource.OpenVideo(Nearby.SharedData("video/solidWhiteRight.mp4"), Unpaced);
        Recorder first = new(), second = new();

        using IDisposable a = source.Counted(_flow).Subscribe(first);
        using IDisposable b = source.Counted(_flow).Subscribe(second);
        first.WaitForEnd();
        second.WaitForEnd();

        Assert.Equal(first.Pictures.Select(p => (p.Sequence, p.Mean)), second.Pictures.Select(p => (p.Sequence, p.Mean)));
    }

    [Fact]
    public void Frames_SteadyState_AllocatesNothingPerPicture()
    {
        ICameraSource source = CameraSource.OpenVideo(Nearby.SharedData("video/solidWhiteRight.mp4"), Unpaced);
        long at50 = 0, at200 = 0;
        var done = new ManualResetEventSlim();
        using IDisposable subscription = source.Counted(_flow).Subscribe(new Probe(f =>
        {
            // The source's thread: what it allocated from picture to picture.
            if (f.SequenceNumber == 50)
            {
                at50 = GC.GetAllocatedBytesForCurrentThread();
            }
            else if (f.SequenceNumber == 200)
            {
                at200 = GC.GetAllocatedBytesForCurrentThread();
                done.Set();
            }
        }));

        Assert.True(done.Wait(30_000));
        Assert.Equal(0, at200 - at50);
    }

    private sealed class Probe(Action<CameraFrame> onNext) : IObserver<CameraFrame>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(CameraFrame value) => onNext(value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Frames_ObserverThrows_EndsItsStreamNotTheProcess(bool takesErrors)
    {
        var log = new LogLines();
        ICameraSource source = CameraSource.OpenVideo(Nearby.SharedData("video/solidWhiteRight.mp4"), Unpaced with { Logger = log });
        int seen = 0;
        Exception? error = null;
        Action<CameraFrame> fail = frame => throw new FormatException($"observer {++seen}");

        // Subscribe without onError throws the error once more.
        using IDisposable subscription = takesErrors ? source.Frames.Subscribe(fail, e => error = e) : source.Frames.Subscribe(fail);
        Assert.True(SpinWait.SpinUntil(() => source.State == "failed: who watches it threw: observer 1", TimeSpan.FromSeconds(10)), source.State);

        Assert.Equal(1, seen);
        Assert.Equal(takesErrors, error is FormatException);
        Assert.Contains(log.Lines, line => line.Contains("its stream ends", StringComparison.Ordinal));

        // Nobody keeps the source from being watched again.
        var recorder = new Recorder();
        using IDisposable second = source.Frames.Subscribe(recorder);
        recorder.WaitFor(3);
    }
}
