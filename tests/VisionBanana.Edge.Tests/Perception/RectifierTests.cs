using FsCheck.Xunit;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Calibration;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Perception;

public sealed class RectifierTests
{
    [Theory]
    [InlineData(PixelFormat.Rgb8)]
    [InlineData(PixelFormat.Bgr8)]
    public void Apply_SameCamera_CopiesThePictureAsRgb(PixelFormat format)
    {
        var camera = new CameraIntrinsics(37, 21, 30, 30, 18, 10);
        using CameraFrame picture = Noise(37, 21, format);
        using PerceptionFrame frame = Frame(37, 21);

        Rectifier.Create(camera, camera.Pinhole(), format).Apply(picture, frame);

        for (int i = 0; i < 37 * 21; i++)
        {
            ReadOnlySpan<byte> p = picture.Pixels.Slice(i * 3, 3);
            Assert.Equal(format == PixelFormat.Rgb8 ? new Rgb24(p[0], p[1], p[2]) : new Rgb24(p[2], p[1], p[0]), frame.Color[i]);
            Assert.True(frame.HasSource[i]);
        }
    }

    [Fact]
    public void Apply_QuarterSize_IsTheMeanOfFourByFourPixels()
    {
        var camera = new CameraIntrinsics(64, 48, 60, 60, 31.5, 23.5);
        using CameraFrame picture = Noise(64, 48, PixelFormat.Rgb8);
        using PerceptionFrame frame = Frame(16, 12);

        Rectifier.Create(camera, camera.Resized(16, 12), PixelFormat.Rgb8).Apply(picture, frame);

        for (int y = 0; y < 12; y++)
        {
            for (int x = 0; x < 16; x++)
            {
                double sum = 0;
                for (int i = 0; i < 16; i++)
                {
                    sum += picture.Pixels[((((4 * y) + (i / 4)) * 64) + (4 * x) + (i % 4)) * 3];
                }

                Assert.Equal(sum / 16, frame.Color[(y * 16) + x].R, 0.51);
            }
        }
    }

    [Fact]
    public void Apply_ChequerboardOfSinglePixelsShrunkUnevenly_IsGreyAndNotMoire()
    {
        using CameraFrame picture = Picture(640, 480, PixelFormat.Bgr8, (x, y) => (byte)((x + y) % 2 * 255));
        using PerceptionFrame frame = Frame(192, 144);
        var camera = new CameraIntrinsics(640, 480, 525, 525, 319.5, 239.5);

        Rectifier.Create(camera, PaintedCamera.For(camera, 192, 144, null)!, PixelFormat.Bgr8).Apply(picture, frame);

        foreach (Rgb24 pixel in frame.Color)
        {
            Assert.InRange(pixel.G, 115, 140);
        }
    }

    [Property(MaxTest = 60)]
    public void Apply_AnySizes_AgreesWithSamplingInDoubles(byte a, byte b, byte c, byte d, bool bent)
    {
        int width = 24 + (a % 60), height = 24 + (b % 60), targetWidth = 1 + (c % 40), targetHeight = 1 + (d % 40);
        var source = new CameraIntrinsics(width, height, width * 0.9, width * 0.95, (width * 0.5) - 1.3, (height * 0.5) + 0.4)
        {
            Distortion = bent ? [-0.25, 0.05, 0.002, -0.001, 0.01] : [],
        };
        CameraIntrinsics target = CameraIntrinsics.FromHorizontalFov(targetWidth, targetHeight, 50);
        using CameraFrame picture = Noise(width, height, PixelFormat.Bgr8);
        using PerceptionFrame frame = Frame(targetWidth, targetHeight);

        Rectifier.Create(source, target, PixelFormat.Bgr8).Apply(picture, frame);

        for (int y = 0; y < targetHeight; y++)
        {
            for (int x = 0; x < targetWidth; x++)
            {
                (bool inside, double blue) = Sample(source, target, picture, x, y);
                Assert.Equal(inside, frame.HasSource[(y * targetWidth) + x]);
                Assert.Equal(inside ? blue : 0, frame.Color[(y * targetWidth) + x].B, 1.0);
            }
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(40, 10)]
    [InlineData(-55, 0)]
    [InlineData(0, 35)]
    [InlineData(70, -20)]
    public void Apply_ViewOfAFisheye_PaintsEachDirectionWhereTheTurnedCameraSeesIt(double yaw, double pitch)
    {
        // The world's colour is its direction; 180 degrees over 800 pixels.
        static Rgb24 Colour(double x, double y, double z)
        {
            double length = Math.Sqrt((x * x) + (y * y) + (z * z));
            static byte Of(double value) => (byte)Math.Round(127.5 + (120 * value));
            return new Rgb24(Of(x / length), Of(y / length), Of(z / length));
        }

        var fisheye = new CameraIntrinsics(800, 800, 800 / Math.PI, 800 / Math.PI, 399.5, 399.5) { DistortionModel = DistortionModel.Equidistant };
        Assert.True(CameraFrame.CreatePool(1, 800, 800, PixelFormat.Rgb8).TryRent(out CameraFrame? picture));
        for (int i = 0; i < 800 * 800; i++)
        {
            // The lens by its definition: the distance from the middle is the angle.
            double x = ((i % 800) - 399.5) * Math.PI / 800, y = ((i / 800) - 399.5) * Math.PI / 800, angle = Math.Sqrt((x * x) + (y * y));
            double across = angle < 1e-9 ? 1 : Math.Sin(angle) / angle;
            Rgb24 colour = angle < Math.PI / 2 ? Colour(x * across, y * across, Math.Cos(angle)) : default;
            (picture.Pixels[i * 3], picture.Pixels[(i * 3) + 1], picture.Pixels[(i * 3) + 2]) = (colour.R, colour.G, colour.B);
        }

        using CameraFrame taken = picture;
        using PerceptionFrame frame = Frame(96, 72);
        CameraIntrinsics target = PaintedCamera.For(fisheye, 96, 72, 40)!;
        Rectifier.Create(fisheye, target, PixelFormat.Rgb8, new CameraView { YawDegrees = yaw, PitchDegrees = pitch }).Apply(picture, frame);

        // Forward is turned to the left and down; right stays level; down stands on both.
        (double sinYaw, double cosYaw) = Math.SinCos(yaw * Math.PI / 180);
        (double sinPitch, double cosPitch) = Math.SinCos(pitch * Math.PI / 180);
        int seen = 0;
        for (int i = 0; i < frame.Color.Length; i++)
        {
            (double sx, double sy) = target.Unproject(i % 96, i / 96);
            double x = (cosYaw * sx) + (sinYaw * sinPitch * sy) - (sinYaw * cosPitch);
            double y = (cosPitch * sy) + sinPitch;
            double z = (sinYaw * sx) - (cosYaw * sinPitch * sy) + (cosYaw * cosPitch);
            if (z > 0.05 && frame.HasSource[i])
            {
                Rgb24 expected = Colour(x, y, z), found = frame.Color[i];
                Assert.Equal(expected.R, found.R, 2.0);
                Assert.Equal(expected.G, found.G, 2.0);
                Assert.Equal(expected.B, found.B, 2.0);
                seen++;
            }
        }

        Assert.InRange(seen, 4000, 96 * 72);
    }

    [Fact]
    public void Apply_WiderViewThanTheSource_HasNoSourceOutside()
    {
        var camera = new CameraIntrinsics(640, 480, 525, 525, 319.5, 239.5);
        using CameraFrame picture = Picture(640, 480, PixelFormat.Bgr8, (_, _) => 200);
        using PerceptionFrame frame = Frame(192, 144);
        CameraIntrinsics target = PaintedCamera.For(camera, 192, 144, 90)!;

        Rectifier.Create(camera, target, PixelFormat.Bgr8).Apply(picture, frame);

        for (int i = 0; i < frame.Color.Length; i++)
        {
            (double sx, double sy) = target.Unproject(i % 192, i / 192);
            (double x, double y) = camera.Project(sx, sy);
            bool inside = x is >= -0.5 and <= 639.5 && y is >= -0.5 and <= 479.5;
            Assert.Equal(inside, frame.HasSource[i]);
            Assert.Equal(inside ? (byte)200 : (byte)0, frame.Color[i].R);
        }
    }

    [Fact]
    public void Apply_StraightEdgeBentByTheLens_IsStraightAgain()
    {
        // The lens sees a world that is white right of the line x = 0.25 z.
        CameraIntrinsics source = Lenses.PlumbBob;
        using CameraFrame picture = Picture(640, 480, PixelFormat.Bgr8, (x, y) => source.Unproject(x, y).SlopeX > 0.25 ? (byte)255 : (byte)0);
        using PerceptionFrame frame = Frame(320, 240);
        CameraIntrinsics target = PaintedCamera.For(source, 320, 240, 50)!;

        Rectifier.Create(source, target, PixelFormat.Bgr8).Apply(picture, frame);

        double edge = target.Project(0.25, 0).X;
        for (int y = 0; y < 240; y++)
        {
            for (int x = 0; x < 320; x++)
            {
                if (Math.Abs(x - edge) > 1.5 && frame.HasSource[(y * 320) + x])
                {
                    Assert.Equal(x > edge ? 255 : 0, frame.Color[(y * 320) + x].G);
                }
            }
        }
    }

    [Fact]
    public void Apply_Uncalibrated_LetterboxesTheWholePicture()
    {
        using CameraFrame picture = Picture(960, 540, PixelFormat.Bgr8, (_, _) => 90);
        using PerceptionFrame frame = Frame(192, 144);
        frame.Intrinsics = Lenses.PlumbBob;

        Rectifier.ForUncalibrated(960, 540, 192, 144, PixelFormat.Bgr8).Apply(picture, frame);

        // 192 × 108 of picture between bars of 18 rows.
        for (int y = 0; y < 144; y++)
        {
            Assert.Equal(y is >= 18 and < 126, frame.HasSource[(y * 192) + 96]);
            Assert.Equal(y is >= 18 and < 126 ? 90 : 0, frame.Color[(y * 192) + 96].R);
        }

        Assert.Null(frame.Intrinsics);
    }

    [Fact]
    public void Apply_Frame_HandsOnWhatBelongsToThePicture()
    {
        var camera = new CameraIntrinsics(64, 48, 60, 60, 31.5, 23.5);
        using CameraFrame picture = Noise(64, 48, PixelFormat.Bgr8);
        picture.CapturedAt = new CaptureTime(12, 34);
        picture.SequenceNumber = 56;
        picture.FrameId = "camera_optical";
        using PerceptionFrame frame = Frame(16, 12);

        Rectifier.Create(camera, camera.Resized(16, 12), PixelFormat.Bgr8).Apply(picture, frame);

        Assert.Equal((new CaptureTime(12, 34), 56L, "camera_optical"), (frame.CapturedAt, frame.SequenceNumber, frame.FrameId));
        Assert.Equal(camera.Resized(16, 12), frame.Intrinsics);
    }

    [Fact]
    public void Apply_Repeatedly_AllocatesNothing()
    {
        using CameraFrame picture = Noise(640, 480, PixelFormat.Bgr8);
        using PerceptionFrame frame = Frame(192, 144);
        var rectifier = Rectifier.Create(Lenses.PlumbBob, PaintedCamera.For(Lenses.PlumbBob, 192, 144, 60)!, PixelFormat.Bgr8);
        rectifier.Apply(picture, frame);
        long allocated = Allocation.Of(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                rectifier.Apply(picture, frame);
            }
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Apply_PictureOfAnotherSizeOrOrder_IsRefused()
    {
        var camera = new CameraIntrinsics(64, 48, 60, 60, 31.5, 23.5);
        var rectifier = Rectifier.Create(camera, camera.Resized(16, 12), PixelFormat.Bgr8);
        using CameraFrame good = Noise(64, 48, PixelFormat.Bgr8), rgb = Noise(64, 48, PixelFormat.Rgb8), small = Noise(63, 48, PixelFormat.Bgr8);
        using PerceptionFrame frame = Frame(16, 12), large = Frame(17, 12);

        Assert.Throws<ArgumentException>(() => rectifier.Apply(rgb, frame));
        Assert.Throws<ArgumentException>(() => rectifier.Apply(small, frame));
        Assert.Throws<ArgumentException>(() => rectifier.Apply(good, large));
    }

    [Fact]
    public void Create_TargetWithDistortion_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Rectifier.Create(Lenses.PlumbBob, Lenses.PlumbBob, PixelFormat.Bgr8));

    /// <summary>The definition of a rectified pixel, without tables: the mean of bilinear samples over its area.</summary>
    private static (bool Inside, double Blue) Sample(CameraIntrinsics source, CameraIntrinsics target, CameraFrame picture, int x, int y)
    {
        (double X, double Y) At(double u, double v)
        {
            (double sx, double sy) = target.Unproject(u, v);
            return source.Project(sx, sy);
        }

        bool Inside((double X, double Y) p) => p.X >= -0.5 && p.X <= source.Width - 0.5 && p.Y >= -0.5 && p.Y <= source.Height - 0.5;
        int Count((double X, double Y) p, (double X, double Y) q)
        {
            double length = Math.Sqrt(Math.Pow(p.X - q.X, 2) + Math.Pow(p.Y - q.Y, 2));
            return length > 1.2 ? (int)Math.Ceiling(length - 0.2) : 1;
        }

        if (!Inside(At(x, y)))
        {
            return (false, 0);
        }

        int columns = Count(At(x - 0.5, y), At(x + 0.5, y)), rows = Count(At(x, y - 0.5), At(x, y + 0.5)), count = 0;
        double sum = 0;
        for (int j = 0; j < rows; j++)
        {
            for (int i = 0; i < columns; i++)
            {
                (double X, double Y) p = At(x - 0.5 + ((i + 0.5) / columns), y - 0.5 + ((j + 0.5) / rows));
                if (Inside(p))
                {
                    sum += Bilinear(picture, Math.Clamp(p.X, 0, source.Width - 1), Math.Clamp(p.Y, 0, source.Height - 1));
                    count++;
                }
            }
        }

        return (true, sum / count);
    }

    private static double Bilinear(CameraFrame picture, double x, double y)
    {
        int left = Math.Min((int)x, picture.Width - 2), top = Math.Min((int)y, picture.Height - 2);
        double fx = x - left, fy = y - top;
        double At(int column, int row) => picture.Pixels[((row * picture.Width) + column) * 3];
        return ((1 - fy) * (((1 - fx) * At(left, top)) + (fx * At(left + 1, top)))) + (fy * (((1 - fx) * At(left, top + 1)) + (fx * At(left + 1, top + 1))));
    }

    private static CameraFrame Noise(int width, int height, PixelFormat format)
    {
        CameraFrame picture = Picture(width, height, format, (_, _) => 0);
        new Random(7).NextBytes(picture.Pixels);
        return picture;
    }

    private static CameraFrame Picture(int width, int height, PixelFormat format, Func<int, int, byte> grey)
    {
        Assert.True(CameraFrame.CreatePool(1, width, height, format).TryRent(out CameraFrame? picture));
        for (int i = 0; i < width * height; i++)
        {
            picture.Pixels.Slice(i * 3, 3).Fill(grey(i % width, i / width));
        }

        return picture;
    }

    private static PerceptionFrame Frame(int width, int height)
    {
        Assert.True(PerceptionFrame.CreatePool(1, width, height).TryRent(out PerceptionFrame? frame));
        return frame;
    }
}
