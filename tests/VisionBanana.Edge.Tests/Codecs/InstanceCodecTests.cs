using FsCheck;
using FsCheck.Xunit;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Codecs;

public sealed class InstanceCodecTests
{
    private const int Width = 100;
    private const int Height = 80;
    private static readonly Rgb24 Background = new(88, 50, 82);
    private static readonly Rgb24 Red = new(220, 20, 20);
    private static readonly Rgb24 Green = new(20, 220, 20);

    [Fact]
    public void Decode_TwoObjects_AreNumberedInRasterOrder()
    {
        (int count, ushort[] labels, float[] confidence) = Decode(Picture((Green, 50, 10, 20, 20), (Red, 10, 40, 20, 20)));

        Assert.Equal(2, count);
        Assert.Equal(1, labels[At(55, 15)]);
        Assert.Equal(2, labels[At(15, 45)]);
        Assert.Equal(0, labels[At(0, 0)]);
        Assert.All(confidence, c => Assert.Equal(1f, c));
        Assert.Equal(400, labels.Count(l => l == 1));
    }

    [Fact]
    public void Decode_ColourWithinToleranceOfBackground_IsBackground()
    {
        // 8² + 8² + 8² = 192 < 196 is background; 14² = 196 is not.
        Rgb24 near = new(96, 58, 90), off = new(102, 50, 82);
        (int count, ushort[] labels, _) = Decode(Picture((near, 5, 5, 20, 20), (off, 50, 5, 20, 20)));

        Assert.Equal(1, count);
        Assert.Equal(0, labels[At(10, 10)]);
        Assert.Equal(1, labels[At(55, 10)]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void Decode_LShapeWithAGap_IsOneObjectWhereAKnightsMoveCrossesIt(int gap, int objects)
    {
        // The arms' joint box is too large for merging: only the fill can connect them, and it reaches two columns, not three.
        (int count, _, _) = Decode(Picture((Red, 10, 10, 3, 60), (Red, 13 + gap, 10, 60, 3)));
        Assert.Equal(objects, count);
    }

    [Fact]
    public void Decode_GradientAlongAnObject_IsComparedWithItsSeed()
    {
        // Each step is small, the far end is not the seed's colour any more: chaining must not carry the region on.
        var painting = new Rgb24[Width * Height];
        Array.Fill(painting, Background);
        for (int x = 0; x < 60; x++)
        {
            Fill(painting, new Rgb24((byte)(60 + (3 * x)), 200, 40), 10 + x, 10, 1, 30);
        }

        Assert.True(Decode(painting).Count > 3);
    }

    [Fact]
    public void Decode_SpeckSmallerThanTheLimit_IsUndecided()
    {
        // 2·10⁻⁴ of 8000 pixels is 1.6.
        (int count, ushort[] labels, float[] confidence) = Decode(Picture((Red, 10, 10, 1, 1), (Green, 50, 10, 20, 20)));

        Assert.Equal(1, count);
        Assert.Equal(LabelPlane.Unknown, labels[At(10, 10)]);
        Assert.Equal(0f, confidence[At(10, 10)]);
    }

    [Fact]
    public void Decode_ThinHalo_IsUndecided()
    {
        Rgb24 halo = new(150, 120, 50);
        (int count, ushort[] labels, _) = Decode(Picture((halo, 9, 9, 32, 32), (Red, 10, 10, 30, 30)));

        Assert.Equal(1, count);
        Assert.Equal(LabelPlane.Unknown, labels[At(9, 20)]);
        Assert.Equal(1, labels[At(20, 20)]);
    }

    [Fact]
    public void Decode_ObjectAtThePictureBorder_IsNotErodedByIt()
    {
        (int count, _, _) = Decode(Picture((Red, 0, 0, 2, 80)));
        Assert.Equal(1, count);
    }

    [Fact]
    public void Decode_PartsOfOneColourNearEachOther_AreOneObject()
    {
        (int count, ushort[] labels, _) = Decode(Picture((Red, 10, 10, 20, 20), (new Rgb24(225, 24, 22), 36, 10, 20, 20)));

        Assert.Equal(1, count);
        Assert.Equal(labels[At(15, 15)], labels[At(50, 15)]);
    }

    [Fact]
    public void Decode_PartsOfOneColourFarApart_AreTwoObjects()
    {
        // Joint box 90 × 70 = 6300; 5 · (2 · 100) = 1000.
        (int count, _, _) = Decode(Picture((Red, 5, 5, 10, 10), (Red, 85, 65, 10, 10)));
        Assert.Equal(2, count);
    }

    [Fact]
    public void Decode_ThreePartsInAChain_BecomeOneObjectWithOneNumber()
    {
        (int count, ushort[] labels, _) = Decode(Picture((Red, 4, 10, 16, 16), (Green, 70, 2, 10, 5), (Red, 30, 10, 16, 16), (Red, 56, 10, 16, 16)));

        Assert.Equal(2, count);
        Assert.Equal([2, 2, 2, 1], new[] { At(8, 14), At(35, 14), At(60, 14), At(72, 3) }.Select(i => (int)labels[i]));
    }

    [Fact]
    public void Decode_EmptyAndUniformPictures_HaveNoObjects()
    {
        Assert.Equal(0, new InstanceCodec().Decode([], 0, 0, Background, [], []));
        Assert.Equal(0, Decode(Picture()).Count);
    }

    [Property(MaxTest = 40)]
    public void Decode_AnyPicture_NumbersObjectsWithoutGaps(int seed, PositiveInt w, PositiveInt h, bool smooth)
    {
        int width = 1 + (w.Get % 40), height = 1 + (h.Get % 40);
        Rgb24[] painting = Colours.Noise(seed, width * height);
        if (smooth)
        {
            painting = [.. painting.Select(c => new Rgb24((byte)(c.R & 0xC0), (byte)(c.G & 0x80), 0))];
        }

        ushort[] labels = new ushort[painting.Length];
        float[] confidence = new float[painting.Length];
        int count = new InstanceCodec().Decode(painting, width, height, Background, labels, confidence);

        int[] found = [.. labels.Where(l => l is not (0 or LabelPlane.Unknown)).Select(l => (int)l).Distinct()];
        Assert.Equal(Enumerable.Range(1, count), found);
        for (int i = 0; i < labels.Length; i++)
        {
            Assert.Equal(Rgb24.SquaredDistance(painting[i], Background) < 196, labels[i] == 0);
            Assert.Equal(labels[i] == LabelPlane.Unknown, confidence[i] == 0);
        }
    }

    [Property(MaxTest = 30)]
    public void EncodeDecode_RandomRectangles_ComeBack(int seed)
    {
        // One rectangle per cell of a grid, each at least 6 × 6 and 4 pixels from the next.
        var random = new Random(seed);
        ushort[] labels = new ushort[Width * Height];
        ushort next = 1;
        for (int cell = 0; cell < 6; cell++)
        {
            int left = (cell % 3 * 33) + random.Next(4), top = (cell / 3 * 40) + random.Next(6);
            int width = random.Next(6, 26), height = random.Next(6, 30);
            if (random.Next(4) == 0)
            {
                continue;
            }

            for (int y = top; y < top + height; y++)
            {
                labels.AsSpan((y * Width) + left, width).Fill(next);
            }

            next++;
        }

        var painting = new Rgb24[labels.Length];
        InstanceCodec.Encode(labels, Background, painting);
        (int count, ushort[] back, _) = Decode(painting);

        Assert.Equal(next - 1, count);
        Assert.Equal(next - 1 + (labels.Contains((ushort)0) ? 1 : 0), labels.Zip(back).Distinct().Count());
    }

    [Fact]
    public void ColourOf_ManyObjects_StayClearOfTheBackground()
    {
        foreach (Rgb24 background in new[] { Background, default, new Rgb24(255, 255, 255), new Rgb24(255, 38, 38) })
        {
            for (int id = 1; id < 500; id++)
            {
                Assert.True(Rgb24.SquaredDistance(InstanceCodec.ColourOf(id, background), background) > 14 * 14);
            }
        }
    }

    [Fact]
    public void Decode_SecondPictureOfASize_AllocatesNothing()
    {
        var codec = new InstanceCodec();
        Rgb24[] painting = Picture((Red, 10, 10, 20, 20), (Green, 50, 10, 20, 20));
        ushort[] labels = new ushort[painting.Length];
        float[] confidence = new float[painting.Length];
        codec.Decode(painting, Width, Height, Background, labels, confidence);

        Assert.Equal(0, Allocation.Of(() => codec.Decode(painting, Width, Height, Background, labels, confidence)));
    }

    private static int At(int x, int y) => (y * Width) + x;

    private static Rgb24[] Picture(params (Rgb24 Colour, int Left, int Top, int Width, int Height)[] rectangles)
    {
        var painting = new Rgb24[Width * Height];
        Array.Fill(painting, Background);
        foreach ((Rgb24 colour, int left, int top, int width, int height) in rectangles)
        {
            Fill(painting, colour, left, top, width, height);
        }

        return painting;
    }

    private static void Fill(Rgb24[] painting, Rgb24 colour, int left, int top, int width, int height)
    {
        for (int y = top; y < top + height; y++)
        {
            painting.AsSpan(At(left, y), width).Fill(colour);
        }
    }

    private static (int Count, ushort[] Labels, float[] Confidence) Decode(Rgb24[] painting)
    {
        ushort[] labels = new ushort[painting.Length];
        float[] confidence = new float[painting.Length];
        int count = new InstanceCodec().Decode(painting, Width, Height, Background, labels, confidence);
        return (count, labels, confidence);
    }
}
