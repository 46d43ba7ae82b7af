using System.Reactive.Subjects;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.OpenCv.Operators;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Tests.Operators;

public sealed class CropResizeTests
{
    private static readonly CameraIntrinsics Camera = new(64, 48, 60, 61, 30.5, 25.25) { Distortion = [-0.1, 0.01, 0, 0, 0] };

    [Fact]
    public void Crop_AnyPixel_KeepsItsColourAndItsRay()
    {
        Apply(pictures => pictures.Crop(10, 6, 32, 24), (source, result) =>
        {
            Assert.Equal((32, 24, 7L, "cam"), (result.Width, result.Height, result.SequenceNumber, result.FrameId));
            Assert.Equal(source.CapturedAt, result.CapturedAt);
            for (int y = 0; y < 24; y += 5)
            {
                for (int x = 0; x < 32; x += 3)
                {
                    Assert.Equal(source.Pixels[(((y + 6) * 64) + x + 10) * 3], result.Pixels[((y * 32) + x) * 3]);
                    Assert.Equal(Camera.Unproject(x + 10, y + 6), result.Intrinsics!.Unproject(x, y));
                }
            }
        });
    }

    [Fact]
    public void Resize_ToHalf_AveragesFourPixelsAndKeepsTheRayBetweenThem()
    {
        Apply(pictures => pictures.Resize(32, 24), (source, result) =>
        {
            Assert.Equal((32, 24), (result.Width, result.Height));
            int At(int x, int y) => source.Pixels[((y * 64) + x) * 3];
            Assert.Equal((At(20, 10) + At(21, 10) + At(20, 11) + At(21, 11)) / 4.0, result.Pixels[((5 * 32) + 10) * 3], 0.51);
            (double x, double y) = result.Intrinsics!.Unproject(10, 5);
            (double expectedX, double expectedY) = Camera.Unproject(20.5, 10.5);
            Assert.Equal(expectedX, x, 1e-9);
            Assert.Equal(expectedY, y, 1e-9);
        });
    }

    [Fact]
    public void Crop_OutsideThePicture_IsAnError()
    {
        Exception? error = null;
        using var source = new Subject<CameraFrame>();
        using IDisposable subscription = source.Crop(40, 0, 32, 24).Subscribe(_ => { }, e => error = e);
        using CameraFrame frame = Picture();
        source.OnNext(frame);

        Assert.Contains("does not lie inside", Assert.IsAssignableFrom<ArgumentException>(error).Message, StringComparison.Ordinal);
    }

    private static void Apply(Func<IObservable<CameraFrame>, IObservable<CameraFrame>> transform, Action<CameraFrame, CameraFrame> check)
    {
        using var source = new Subject<CameraFrame>();
        using CameraFrame picture = Picture();
        int results = 0;
        using IDisposable subscription = transform(source).Subscribe(result =>
        {
            check(picture, result);
            results++;
        });
        source.OnNext(picture);
        source.OnNext(picture);

        Assert.Equal(2, results);
    }

    private static CameraFrame Picture()
    {
        Assert.True(CameraFrame.CreatePool(1, 64, 48, PixelFormat.Bgr8).TryRent(out CameraFrame? frame));
        for (int i = 0; i < frame.Pixels.Length; i++)
        {
            frame.Pixels[i] = (byte)((i * 7) ^ (i >> 5));
        }

        frame.SequenceNumber = 7;
        frame.FrameId = "cam";
        frame.CapturedAt = new CaptureTime(123, 456);
        frame.Intrinsics = Camera;
        return frame;
    }
}
