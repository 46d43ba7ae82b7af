using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Recording;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Recording;

public sealed class RecordingSourceTests
{
    private static readonly Header Header = new(new Time(10, 5), "cam_optical");

    [Theory]
    [InlineData("rgb8", PixelFormat.Rgb8, new byte[] { 1, 2, 3 }, new byte[] { 1, 2, 3 })]
    [InlineData("bgr8", PixelFormat.Bgr8, new byte[] { 1, 2, 3 }, new byte[] { 1, 2, 3 })]
    [InlineData("rgba8", PixelFormat.Rgb8, new byte[] { 1, 2, 3, 255 }, new byte[] { 1, 2, 3 })]
    [InlineData("bgra8", PixelFormat.Bgr8, new byte[] { 1, 2, 3, 255 }, new byte[] { 1, 2, 3 })]
    [InlineData("mono8", PixelFormat.Rgb8, new byte[] { 7 }, new byte[] { 7, 7, 7 })]
    public void Frames_RosEncodings_BecomeThreeChannels(string encoding, PixelFormat format, byte[] pixel, byte[] expected)
    {
        // Two rows of one pixel with padding behind each, as drivers write it.
        byte[] data = [.. pixel, 99, 99, .. pixel, 99, 99];
        byte[] file = File(("/cam/image", Image.Schema, RosMessage.Encode(new Image(Header, 2, 1, encoding, false, (uint)pixel.Length + 2, data))));
        (List<Picture> pictures, Exception? error) = Play(file, new RecordingSourceOptions { Topic = "/cam/image" });
        Assert.Null(error);
        Picture picture = Assert.Single(pictures);
        Assert.Equal(format, picture.Format);
        Assert.Equal([.. expected, .. expected], picture.Pixels);
        Assert.Equal((10_000_000_005, "cam_optical", null), (picture.CapturedNs, picture.FrameId, picture.Intrinsics));
    }

    [Fact]
    public void Frames_CalibrationBesideThePictures_HoldsUntilTheNextAndIsOneObject()
    {
        byte[] Info(double focal, int second) => RosMessage.Encode(CameraInfo.From(
            new CameraIntrinsics(2, 2, focal, focal, 0.5, 0.5) { Name = "cam_optical" }, new Header(new Time(second, 0), "cam_optical")));
        byte[] picture = RosMessage.Encode(new Image(Header, 2, 2, "rgb8", false, 6, new byte[12]));
        byte[] file = File(
            ("/cam/camera_info", CameraInfo.Schema, Info(2, 1)), ("/cam/image_raw", Image.Schema, picture),
            ("/cam/camera_info", CameraInfo.Schema, Info(2, 2)), ("/cam/image_raw", Image.Schema, picture),
            ("/cam/camera_info", CameraInfo.Schema, Info(3, 3)), ("/cam/image_raw", Image.Schema, picture));
        (List<Picture> pictures, _) = Play(file, new RecordingSourceOptions());
        Assert.Equal([2, 2, 3], pictures.Select(p => p.Intrinsics!.Fx));
        Assert.Same(pictures[0].Intrinsics, pictures[1].Intrinsics);
    }

    [Fact]
    public void Frames_RegionAndBinning_AreAppliedToTheCalibration()
    {
        CameraInfo info = CameraInfo.From(
            new CameraIntrinsics(8, 8, 10, 10, 4, 4), Header) with
        { BinningX = 2, BinningY = 2, Roi = new RegionOfInterest(2, 2, 4, 4, false) };
        byte[] file = File(("/cam/camera_info", CameraInfo.Schema, RosMessage.Encode(info)), (
            "/cam/image_raw", Image.Schema, RosMessage.Encode(new Image(Header, 2, 2, "rgb8", false, 6, new byte[12]))));
        CameraIntrinsics camera = Play(file, new RecordingSourceOptions()).Pictures[0].Intrinsics!;
        Assert.Equal((2, 2, 5.0, 0.75), (camera.Width, camera.Height, camera.Fx, camera.Cx));
    }

    [Fact]
    public void Frames_CompressedPictures_GoThroughTheDecoder()
    {
        byte[] picture = RosMessage.Encode(new CompressedImage(Header, "jpeg", new byte[] { 3, 2, 77 }));
        byte[] file = File(("/vb/v1/e/c/color", CompressedImage.Schema, picture), (
            "/vb/v1/e/c/depth", Image.Schema, RosMessage.Encode(new Image(Header, 1, 1, "32FC1", false, 4, new byte[4]))));
        Assert.Contains("no decoder", Assert.Throws<CameraException>(() => RecordingSource.Open(McapReader.Open(file))).Message, StringComparison.Ordinal);
        Picture decoded = Assert.Single(Play(file, new RecordingSourceOptions { Decoder = new PlainDecoder() }).Pictures);
        Assert.Equal(Enumerable.Repeat((byte)77, 18), decoded.Pixels);
    }

    [Fact]
    public void Frames_PictureOfAnotherSizeOrMalformed_IsCountedAsUnreadable()
    {
        var ledger = new FlowLedger();
        byte[] good = RosMessage.Encode(new Image(Header, 2, 2, "rgb8", false, 6, new byte[12]));
        byte[] other = RosMessage.Encode(new Image(Header, 1, 2, "rgb8", false, 6, new byte[6]));
        byte[] file = File(("/i", Image.Schema, good), ("/i", Image.Schema, other), ("/i", Image.Schema, good[..30]), ("/i", Image.Schema, good));
        using RecordingSource source = RecordingSource.Open(McapReader.Open(file));
        List<Picture> pictures = Play(source, ledger).Pictures;
        Assert.Equal([0, 3], pictures.Select(p => p.Sequence));
        Assert.Equal(2, ledger.OnTheWay);
    }

    [Fact]
    public void Open_NoPictures_ListsWhatThereIs()
    {
        byte[] depth = RosMessage.Encode(new Image(Header, 1, 1, "32FC1", false, 4, new byte[4]));
        byte[] file = File(("/a/depth", Image.Schema, depth), ("/b/depth", Image.Schema, depth));
        Assert.Contains(
            "/a/depth, /b/depth", Assert.Throws<CameraException>(() => RecordingSource.Open(McapReader.Open(file))).Message, StringComparison.Ordinal);
        Assert.Throws<CameraException>(() => RecordingSource.Open(McapReader.Open(file), new RecordingSourceOptions { Topic = "/c" }));
        Assert.Throws<ConfigurationException>(() => RecordingSource.Open(McapReader.Open(file), new RecordingSourceOptions { Topic = "/a/depth", Speed = 0 }));
    }

    [Fact]
    public void Frames_RecordingCutOff_PlaysWhatIsThereAndSaysWhatWasLost()
    {
        byte[] picture = RosMessage.Encode(new Image(Header, 2, 2, "rgb8", false, 6, new byte[12]));
        byte[] file = File([.. Enumerable.Repeat(("/i", Image.Schema, picture), 40)]);
        using RecordingSource source = RecordingSource.Open(McapReader.Open(file.AsMemory(0, file.Length * 2 / 3)));
        List<Picture> pictures = Play(source).Pictures;
        Assert.InRange(pictures.Count, 5, 39);
        Assert.StartsWith("ended; cut off at byte", source.State, StringComparison.Ordinal);
        Assert.Equal(pictures.Count, source.Recovery.MessageCount);
    }

    [Fact]
    public void Frames_Speed_WaitsForTheTimesOfTheRecording()
    {
        var clock = new SteppedClock();
        byte[] picture = RosMessage.Encode(new Image(Header, 2, 2, "rgb8", false, 6, new byte[12]));
        byte[] file = File([.. Enumerable.Repeat(("/i", Image.Schema, picture), 3)]);
        using RecordingSource source = RecordingSource.Open(McapReader.Open(file), new RecordingSourceOptions { Speed = 0.5, Clock = clock });
        int seen = 0;
        using IDisposable subscription = source.Frames.Subscribe(_ => Interlocked.Increment(ref seen));

        // Recorded 100 ms apart, played at half the speed.
        Assert.True(SpinWait.SpinUntil(() => seen == 1 && clock.Pending.Length == 1, TimeSpan.FromSeconds(10)));
        Assert.Equal(TimeSpan.FromMilliseconds(200), clock.Pending[0]);
        clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.True(SpinWait.SpinUntil(() => seen == 2 && clock.Pending.Length == 1, TimeSpan.FromSeconds(10)));
        clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.True(SpinWait.SpinUntil(() => source.State == "ended", TimeSpan.FromSeconds(10)));
        Assert.Equal(3, seen);
    }

    [Fact]
    public void Dispose_InMidStream_StopsTheThreadAndReturnsEveryFrame()
    {
        byte[] picture = RosMessage.Encode(new Image(Header, 2, 2, "rgb8", false, 6, new byte[12]));
        using RecordingSource source = RecordingSource.Open(
            McapReader.Open(File([.. Enumerable.Repeat(("/i", Image.Schema, picture), 3)])), new RecordingSourceOptions { Loop = true });
        long last = -1;
        IDisposable subscription = source.Frames.Subscribe(frame =>
        {
            Assert.Equal(last + 1, frame.SequenceNumber);
            Volatile.Write(ref last, frame.SequenceNumber);
        });
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref last) > 20, TimeSpan.FromSeconds(10)));
        subscription.Dispose();
        long after = Volatile.Read(ref last);
        Assert.True(SpinWait.SpinUntil(() => source.State == "stopped", TimeSpan.FromSeconds(10)));
        Assert.Equal(after, Volatile.Read(ref last));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Frames_ObserverThrows_EndsItsStreamNotTheProcess(bool takesErrors)
    {
        byte[] picture = RosMessage.Encode(new Image(Header, 2, 2, "rgb8", false, 6, new byte[12]));
        var log = new LogLines();
        using RecordingSource source = RecordingSource.Open(
            McapReader.Open(File([.. Enumerable.Repeat(("/i", Image.Schema, picture), 5)])), new RecordingSourceOptions { Logger = log, Loop = true });
        int seen = 0;
        Exception? error = null;
        Action<CameraFrame> fail = frame => throw new FormatException($"observer {++seen}");

        // Subscribe without onError throws the error once more.
        using IDisposable subscription = takesErrors ? source.Frames.Subscribe(fail, e => error = e) : source.Frames.Subscribe(fail);
        Assert.True(SpinWait.SpinUntil(() => source.State == "failed: who watches it threw: observer 1", TimeSpan.FromSeconds(10)), source.State);

        Assert.Equal(1, seen);
        Assert.Equal(takesErrors, error is FormatException);
        Assert.Contains(log.Lines, line => line.Contains("its stream ends", StringComparison.Ordinal));
        Assert.Single(Play(File(("/i", Image.Schema, picture)), new RecordingSourceOptions()).Pictures);
    }

    [Fact]
    public void Lost_HandlerThrows_EndsTheStreamWithItsError()
    {
        byte[] good = RosMessage.Encode(new Image(Header, 2, 2, "rgb8", false, 6, new byte[12]));
        var log = new LogLines();
        using RecordingSource source = RecordingSource.Open(
            McapReader.Open(File(("/i", Image.Schema, good), ("/i", Image.Schema, good[..30]))), new RecordingSourceOptions { Logger = log });
        source.Lost += _ => throw new FormatException("counter");
        Exception? error = null;
        using IDisposable subscription = source.Frames.Subscribe(_ => { }, e => error = e);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref error) is not null, TimeSpan.FromSeconds(10)), source.State);
        Assert.IsType<CameraException>(error);
        Assert.IsType<FormatException>(error.InnerException);
        Assert.Contains(log.Lines, line => line.Contains("ends here", StringComparison.Ordinal));
    }

    private static byte[] File(params (string Topic, string Schema, byte[] Payload)[] messages) =>
        Recordings.Write(new McapWriterOptions { ChunkBytes = 1024 }, writer =>
        {
            foreach ((int i, (string topic, string schema, byte[] payload)) in messages.Index())
            {
                writer.Write(new WireMessage { Stream = "", Schema = schema, SequenceNumber = i, Payload = payload }, topic, 100_000_000L * (i + 1));
            }
        });

    private static (List<Picture> Pictures, Exception? Error) Play(byte[] file, RecordingSourceOptions options)
    {
        using RecordingSource source = RecordingSource.Open(McapReader.Open(file), options);
        return Play(source);
    }

    private static (List<Picture> Pictures, Exception? Error) Play(RecordingSource source, FlowLedger? ledger = null)
    {
        var pictures = new List<Picture>();
        Exception? error = null;
        using var ended = new ManualResetEventSlim();
        using IDisposable subscription = source.Counted(ledger ?? new FlowLedger()).Subscribe(
            frame => pictures.Add(
                new Picture(frame.SequenceNumber, frame.Format, frame.Pixels.ToArray(), frame.CapturedAt.UtcNs, frame.FrameId, frame.Intrinsics)),
            e =>
            {
                error = e;
                ended.Set();
            },
            ended.Set);
        Assert.True(ended.Wait(TimeSpan.FromSeconds(20)));
        return (pictures, error);
    }

    private sealed record Picture(long Sequence, PixelFormat Format, byte[] Pixels, long CapturedNs, string FrameId, CameraIntrinsics? Intrinsics);

    /// <summary>Width, height and the value of every pixel.</summary>
    private sealed class PlainDecoder : IImageDecoder
    {
        public (int Width, int Height) ReadSize(ReadOnlyMemory<byte> file) => (file.Span[0], file.Span[1]);

        public void Decode(ReadOnlyMemory<byte> file, int width, int height, PixelFormat format, Span<byte> pixels) => pixels.Fill(file.Span[2]);
    }
}
