using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Calibration;

namespace VisionBanana.Edge.Tests.Perception;

public sealed class PerceptResamplerTests
{
    private static readonly CameraIntrinsics Source = Lenses.PlumbBob;
    private static readonly CameraIntrinsics Painted = PaintedCamera.For(Source, 192, 144, 50)!;

    [Fact]
    public void Apply_Percepts_LandOnTheSourcePixelsThatSeeThem()
    {
        using PerceptionFrame painted = Rent(PerceptionFrame.CreatePool(1, 192, 144));
        using PerceptionFrame output = Rent(PerceptionFrame.CreatePool(1, 640, 480));
        using CameraFrame picture = Rent(CameraFrame.CreatePool(1, 640, 480, PixelFormat.Bgr8));
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            picture.Pixels[i] = (byte)(i * 31);
        }

        Fill(painted);
        var resampler = PerceptResampler.Create(Source, Painted);
        resampler.Apply(painted, picture, output);

        Percept depth = output.Find(PerceptKind.Depth)!, labels = output.Find(PerceptKind.Labels)!, normals = output.Find(PerceptKind.Normals)!;
        int inside = 0, wrong = 0;
        for (int i = 0; i < 640 * 480; i++)
        {
            wrong += new Rgb24(picture.Pixels[(i * 3) + 2], picture.Pixels[(i * 3) + 1], picture.Pixels[i * 3]) == output.Color[i] ? 0 : 1;
            (double sx, double sy) = Source.Unproject(i % 640, i / 640);
            (double x, double y) = Painted.Project(sx, sy);
            if (Math.Abs(x - Math.Round(x)) > 0.499 || Math.Abs(y - Math.Round(y)) > 0.499)
            {
                continue; // Too near to the border of two pixels to say which one a float ray falls on.
            }

            (int column, int row) = ((int)Math.Round(x), (int)Math.Round(y));
            bool seen = column is >= 0 and < 192 && row is >= 0 and < 144;
            int from = (row * 192) + column;
            inside += seen ? 1 : 0;
            wrong += output.HasSource[i] == (seen && from != 100)
                && depth.Depth[i].Equals(seen ? from * 0.001f : float.NaN)
                && depth.Confidence[i] == (seen ? 0.5f : 0)
                && labels.Labels[i] == (seen ? (ushort)(from % 9) : LabelPlane.Unknown)
                && normals.Normals[(i * 3) + 2].Equals(seen ? -1 : float.NaN)
                && depth.Painting[i] == (seen ? new Rgb24((byte)from, 1, 2) : default) ? 0 : 1;
        }

        Assert.Equal(0, wrong);
        Assert.InRange(inside, 150_000, 300_000);
        Assert.Same(Source, output.Intrinsics);
        Assert.Equal((7L, "optical"), (output.SequenceNumber, output.FrameId));
        Assert.Null(output.Find(PerceptKind.Mask));
    }

    [Fact]
    public void Apply_AfterRectifying_ThePictureMeetsItself()
    {
        using CameraFrame picture = Rent(CameraFrame.CreatePool(1, 640, 480, PixelFormat.Bgr8));
        for (int i = 0; i < 640 * 480; i++)
        {
            picture.Pixels.Slice(i * 3, 3).Fill((byte)((i % 640 / 4) + (i / 640 / 6)));
        }

        using PerceptionFrame painted = Rent(PerceptionFrame.CreatePool(1, 192, 144));
        using PerceptionFrame output = Rent(PerceptionFrame.CreatePool(1, 640, 480));
        Rectifier.Create(Source, Painted, PixelFormat.Bgr8).Apply(picture, painted);
        Percept depth = painted.Add(Instruction.MetricDepth());
        for (int i = 0; i < depth.Depth.Length; i++)
        {
            depth.Depth[i] = painted.Color[i].G;
        }

        PerceptResampler.Create(Source, Painted).Apply(painted, picture, output);

        ReadOnlySpan<float> result = output.Find(PerceptKind.Depth)!.Depth;
        int far = 0, seen = 0;
        for (int i = 0; i < result.Length; i++)
        {
            seen += output.HasSource[i] ? 1 : 0;
            far += output.HasSource[i] && !(Math.Abs(output.Color[i].G - result[i]) <= 2) ? 1 : 0;
        }

        Assert.Equal(0, far);
        Assert.InRange(seen, 150_000, 300_000);
    }

    [Fact]
    public void Apply_Uncalibrated_UndoesTheLetterbox()
    {
        using CameraFrame picture = Rent(CameraFrame.CreatePool(1, 960, 540, PixelFormat.Bgr8));
        using PerceptionFrame painted = Rent(PerceptionFrame.CreatePool(1, 192, 144));
        using PerceptionFrame output = Rent(PerceptionFrame.CreatePool(1, 960, 540));
        Rectifier.ForUncalibrated(960, 540, 192, 144, PixelFormat.Bgr8).Apply(picture, painted);
        Percept mask = painted.Add(Instruction.Refer("cup", new Rgb24(255, 255, 255)));
        for (int i = 0; i < mask.Labels.Length; i++)
        {
            mask.Labels[i] = (ushort)i;
        }

        var resampler = PerceptResampler.ForUncalibrated(960, 540, 192, 144);
        resampler.Apply(painted, picture, output);

        ReadOnlySpan<ushort> labels = output.Find(PerceptKind.Mask)!.Labels;
        int wrong = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            wrong += labels[i] == (((i / 960 / 5) + 18) * 192) + (i % 960 / 5) && output.HasSource[i] ? 0 : 1;
        }

        Assert.Equal(0, wrong);
        Assert.Null(resampler.Rays);
        Assert.Null(output.Intrinsics);
    }

    [Theory]
    [InlineData(4096, 4096, 1)]
    [InlineData(4097, 4096, 2)]
    [InlineData(10320, 7752, 3)]
    [InlineData(65500, 2, 1)]
    public void Stride_OfLargePictures_KeepsThePointsWithinTheBudget(int width, int height, int stride)
    {
        var resampler = PerceptResampler.ForUncalibrated(width, height, 192, 144);

        Assert.Equal(stride, resampler.Stride);
        Assert.Equal(((width + stride - 1) / stride, (height + stride - 1) / stride), (resampler.Width, resampler.Height));
        Assert.True((long)resampler.Width * resampler.Height <= PerceptResampler.MostPixels);
    }

    [Fact]
    public void Apply_PictureBeyondTheBudget_HasEverySecondPixelWithItsOwnRay()
    {
        const int Size = 4098;
        var source = new CameraIntrinsics(Size, Size, 3000, 3100, 2050, 2040);
        CameraIntrinsics target = PaintedCamera.For(source, 192, 192, null)!;
        var resampler = PerceptResampler.Create(source, target);
        using CameraFrame picture = Rent(CameraFrame.CreatePool(1, Size, Size, PixelFormat.Rgb8));
        using PerceptionFrame painted = Rent(PerceptionFrame.CreatePool(1, 192, 192));
        using PerceptionFrame output = Rent(PerceptionFrame.CreatePool(1, resampler.Width, resampler.Height));
        for (int y = 0; y < Size; y++)
        {
            picture.Pixels.Slice(y * Size * 3, Size * 3).Fill((byte)y);
        }

        painted.HasSource.Fill(true);
        Percept depth = painted.Add(Instruction.MetricDepth());
        for (int i = 0; i < depth.Depth.Length; i++)
        {
            depth.Depth[i] = i;
        }

        resampler.Apply(painted, picture, output);

        Assert.Equal((2, 2049, 2049), (resampler.Stride, output.Width, output.Height));
        for (int row = 0; row < 2049; row += 97)
        {
            int i = (row * 2049) + (row / 2), column = row / 2;
            Assert.Equal((byte)(2 * row), output.Color[i].G);
            (double slopeX, double slopeY) = source.Unproject(2 * column, 2 * row);
            Assert.Equal(slopeX, resampler.Rays!.SlopeX[i], 1e-5);
            Assert.Equal(slopeY, resampler.Rays.SlopeY[i], 1e-5);
            (double x, double y) = target.Project(slopeX, slopeY);
            if (output.HasSource[i] && Math.Abs(x - Math.Round(x)) < 0.49 && Math.Abs(y - Math.Round(y)) < 0.49)
            {
                Assert.Equal(((int)Math.Round(y) * 192) + (int)Math.Round(x), output.Find(PerceptKind.Depth)!.Depth[i]);
            }
        }
    }

    [Fact]
    public void Apply_OutputOfAnotherSize_SaysWhatIsExpected()
    {
        using CameraFrame picture = Rent(CameraFrame.CreatePool(1, 640, 480, PixelFormat.Bgr8));
        using PerceptionFrame painted = Rent(PerceptionFrame.CreatePool(1, 192, 144)), output = Rent(PerceptionFrame.CreatePool(1, 320, 240));

        var error = Assert.Throws<ArgumentException>(() => PerceptResampler.Create(Source, Painted).Apply(painted, picture, output));

        Assert.Contains("640×480", error.Message, StringComparison.Ordinal);
    }

    private static void Fill(PerceptionFrame painted)
    {
        painted.SequenceNumber = 7;
        painted.FrameId = "optical";
        painted.HasSource.Fill(true);
        painted.HasSource[100] = false;
        Percept depth = painted.Add(Instruction.MetricDepth()), normals = painted.Add(Instruction.SurfaceNormals());
        Percept labels = painted.Add(Instruction.Semantic(new LabelPalette([new LabelColour(0, "wall", new Rgb24(1, 2, 3))])));
        depth.Confidence.Fill(0.5f);
        normals.Normals.Fill(-1);
        for (int i = 0; i < 192 * 144; i++)
        {
            depth.Depth[i] = i * 0.001f;
            depth.Painting[i] = new Rgb24((byte)i, 1, 2);
            labels.Labels[i] = (ushort)(i % 9);
        }
    }

    private static T Rent<T>(LeasePool<T> pool)
        where T : Lease
    {
        Assert.True(pool.TryRent(out T? lease));
        return lease;
    }
}
