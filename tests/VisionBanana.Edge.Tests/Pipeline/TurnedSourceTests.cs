using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Tests.Pipeline;

public sealed class TurnedSourceTests
{
    private static readonly CameraIntrinsics Camera = new(36, 24, 30, 31, 17, 12.5) { Distortion = [-0.1, 0.02, 0.003, -0.004] };

    [Theory]
    [InlineData(PictureRotation.Clockwise90, 24, 36)]
    [InlineData(PictureRotation.Clockwise180, 36, 24)]
    [InlineData(PictureRotation.Clockwise270, 24, 36)]
    public void Open_AnyKindOfSource_TurnsPicturesAndCalibration(PictureRotation rotation, int width, int height)
    {
        using ICameraSource source = new Kind(3).Open("memory", new CameraSourceOptions { Intrinsics = Camera, Rotation = rotation, PoolCapacity = 1 });
        var seen = new List<long>();
        using var ended = new ManualResetEventSlim();
        using IDisposable subscription = source.Frames.Subscribe(new Observer(
            frame =>
            {
                Assert.Equal((width, height, PixelFormat.Rgb8), (frame.Width, frame.Height, frame.Format));
                for (int y = 0; y < Camera.Height; y++)
                {
                    for (int x = 0; x < Camera.Width; x++)
                    {
                        (int u, int v) = rotation switch
                        {
                            PictureRotation.Clockwise90 => (Camera.Height - 1 - y, x),
                            PictureRotation.Clockwise180 => (Camera.Width - 1 - x, Camera.Height - 1 - y),
                            _ => (y, Camera.Width - 1 - x),
                        };
                        Assert.Equal([(byte)x, (byte)y, (byte)frame.SequenceNumber], frame.Pixels.Slice(((v * width) + u) * 3, 3).ToArray());
                    }
                }

                Assert.Same(source.Intrinsics, frame.Intrinsics);
                seen.Add(frame.SequenceNumber);
            },
            ended));
        Assert.True(ended.Wait(TimeSpan.FromSeconds(30)));
        Assert.Equal([0, 1, 2], seen);
        Assert.Equal((width, height), (source.Width, source.Height));
        Assert.Equal(Camera.Turned(TurnedSource.QuarterTurns(rotation)), source.Intrinsics);
        Assert.Contains($"turned by {TurnedSource.QuarterTurns(rotation) * 90}° to {width}×{height}", source.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ACalibrationOfTurnedPictures_IsRefusedAndSaysWhichIsMeant()
    {
        var options = new CameraSourceOptions { Intrinsics = Camera.Turned(1), Rotation = PictureRotation.Clockwise90 };
        CameraException error = Assert.Throws<CameraException>(() => new Kind(1).Open("memory", options));
        Assert.Contains("is for 24×36, the size of pictures that are turned already; the camera delivers 36×24", error.Message, StringComparison.Ordinal);
        Assert.Contains("Expected the calibration of the pictures as the camera delivers them", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nv12")]
    [InlineData("yuv422_yuy2")]
    [InlineData("bayer_rggb8")]
    public void Turn_ARawEncoding_IsTheSameAsTurningItsPixels(string name)
    {
        RawEncoding encoding = RawEncoding.Require(name);
        (int step, int length) = encoding.Packed(20, 10);
        byte[] raw = new byte[length], pixels = new byte[600], there = new byte[600], back = new byte[600];
        new Random(7).NextBytes(raw);
        encoding.Convert(raw, 20, 10, step, false, PixelFormat.Rgb8, pixels);
        for (int turns = 1; turns <= 3; turns++)
        {
            TurnedSource.Turn(pixels, 20, turns, there);
            Assert.NotEqual(pixels, there);
            TurnedSource.Turn(there, turns == 2 ? 20 : 10, 4 - turns, back);
            Assert.Equal(pixels, back);
        }
    }

    private sealed class Observer(Action<CameraFrame> next, ManualResetEventSlim ended) : IObserver<CameraFrame>
    {
        public void OnNext(CameraFrame value) => next(value);

        public void OnError(Exception error) => throw error;

        public void OnCompleted() => ended.Set();
    }

    /// <summary>Pictures whose pixels say where they are, and which picture they are of.</summary>
    private sealed class Kind(int count) : SourceKind
    {
        public override string Name => "pictures in memory";

        public override string Example => "memory";

        public override SourceSettings Takes => SourceSettings.None;

        public override bool Matches(string address) => true;

        protected override ICameraSource OpenCamera(string address, CameraSourceOptions options) => new ReaderSource(
            new OpenedSource("memory", Camera.Width, Camera.Height, false, null, options, () => new Reader(count)) { Format = PixelFormat.Rgb8 });
    }

    private sealed class Reader(int count) : IPictureReader
    {
        private int _next;

        public string Current => FormattableString.Invariant($"picture {_next}");

        public bool Grab() => _next < count;

        public PictureOutcome Read(CameraFrame frame)
        {
            for (int i = 0; i < frame.Width * frame.Height; i++)
            {
                (frame.Pixels[3 * i], frame.Pixels[(3 * i) + 1], frame.Pixels[(3 * i) + 2]) = ((byte)(i % frame.Width), (byte)(i / frame.Width), (byte)_next);
            }

            _next++;
            return PictureOutcome.Read;
        }

        public void Dispose()
        {
        }
    }
}
