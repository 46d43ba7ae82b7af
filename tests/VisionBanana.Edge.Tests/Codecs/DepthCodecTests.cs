using FsCheck.Xunit;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Codecs;

public sealed class DepthCodecTests
{
    public static TheoryData<float, byte, byte, byte> Golden => new()
    {
        { 0f, 0, 0, 0 },
        { 0.5f, 166, 0, 0 },
        { 1f, 255, 55, 0 },
        { 2f, 220, 255, 0 },
        { 3f, 36, 255, 0 },
        { 5f, 0, 255, 227 },
        { 8f, 0, 41, 255 },
        { 10f, 64, 0, 255 },
        { 20f, 255, 57, 255 },
        { 30f, 255, 143, 255 },
        { 80f, 255, 233, 255 },
        { float.PositiveInfinity, 255, 255, 255 },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Encode_GoldenDepth_IsTheColourOfTheSpecification(float depth, byte r, byte g, byte b)
    {
        var painting = new Rgb24[65];
        DepthCodec.Encode([.. Enumerable.Repeat(depth, 65)], painting);

        Assert.All(painting, c => Assert.Equal(new Rgb24(r, g, b), c));
        Assert.Equal(new Rgb24(r, g, b), DepthCodec.Encode(depth));
    }

    [Theory]
    [InlineData(255, 0, 0, 0.8012)]
    [InlineData(255, 255, 0, 1.8322)]
    [InlineData(0, 255, 0, 3.2288)]
    [InlineData(0, 255, 255, 5.2753)]
    [InlineData(0, 0, 255, 8.7083)]
    [InlineData(255, 0, 255, 16.4575)]
    public void Decode_CornerOfTheCube_IsTheDepthOfTheSpecification(byte r, byte g, byte b, double metres)
    {
        float depth = DepthCodec.Decode(new Rgb24(r, g, b), out float confidence);

        Assert.Equal(metres, depth, 5e-5);
        Assert.Equal(1f, confidence);
    }

    [Fact]
    public void Decode_Black_IsZeroMetres() => Assert.Equal(0f, DecodeOne(new Rgb24(0, 0, 0)));

    [Fact]
    public void Decode_White_IsTooFar() => Assert.Equal(float.PositiveInfinity, DecodeOne(new Rgb24(255, 255, 255)));

    [Fact]
    public void Decode_LastColourBeforeWhite_IsTheLargestFiniteDepth()
    {
        Assert.Equal(DepthCodec.MaxFiniteDepth, DecodeOne(new Rgb24(255, 254, 255)));
        Assert.Equal(412.5f, DepthCodec.MaxFiniteDepth, 0.05f);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(-1f)]
    [InlineData(-0f)]
    public void Encode_NoMeasurement_IsBlack(float depth)
    {
        var painting = new Rgb24[3];
        DepthCodec.Encode([depth, 1f, depth], painting);

        Assert.Equal([default, new Rgb24(255, 55, 0), default], painting);
    }

    [Fact]
    public void DepthToU_AndBack_IsExactToRounding()
    {
        foreach (double d in new[] { 1e-6, 0.1, 0.8012, 1, 10, 80, 1000 })
        {
            Assert.Equal(d, DepthCodec.UToDepth(DepthCodec.DepthToU(d)), d * 1e-9);
        }

        Assert.Equal(1, DepthCodec.DepthToU(double.PositiveInfinity));
        Assert.Equal(double.PositiveInfinity, DepthCodec.UToDepth(1));
        Assert.Equal(0, DepthCodec.DepthToU(double.NaN));
        Assert.Equal(0, DepthCodec.UToDepth(-3));
        Assert.Equal(0.75, DepthCodec.DepthToU(10), 12);
    }

    [Fact]
    public void RoundTrip_TenCentimetresToEightyMetres_StaysWithinHalfAStep()
    {
        float[] depth = [.. Enumerable.Range(0, 20_000).Select(i => 0.1f * MathF.Pow(800f, i / 19_999f))];
        var painting = new Rgb24[depth.Length];
        float[] back = new float[depth.Length], confidence = new float[depth.Length];

        DepthCodec.Encode(depth, painting);
        DepthCodec.Decode(painting, back, confidence);

        for (int i = 0; i < depth.Length; i++)
        {
            // Half a step to either side, the wider one: the steps grow with depth.
            double tolerance = 0.5 * DepthCodec.StepAt(depth[i] + DepthCodec.StepAt(depth[i])) + 1e-5;
            Assert.InRange(back[i], depth[i] - tolerance, depth[i] + tolerance);
        }

        Assert.All(confidence, c => Assert.Equal(1f, c));
    }

    [Fact]
    public void Decode_EveryColourOfTheWalk_ComesBack()
    {
        Rgb24[] walk = [.. Enumerable.Range(0, DepthCodec.StepCount + 1).Select(DepthCodec.ColourOfStep)];
        float[] depth = new float[walk.Length];
        var again = new Rgb24[walk.Length];

        DepthCodec.Decode(walk, depth, []);
        DepthCodec.Encode(depth, again);

        Assert.Equal(walk.Length, walk.Distinct().Count());
        Assert.Equal(walk, again);
        Assert.All(depth.Zip(depth.Skip(1)), pair => Assert.True(pair.First < pair.Second));
    }

    /// <summary>All 16.7 million colours, to the bit; <see cref="VectorWidthTests"/> repeats it for the vectors of other processors.</summary>
    [Fact]
    public void Decode_EveryColour_AgreesWithTheDefinition()
    {
        AskedWidth.Require();
        var painting = new Rgb24[256 * 256];
        float[] depth = new float[painting.Length], confidence = new float[painting.Length];
        for (int red = 0; red < 256; red++)
        {
            for (int i = 0; i < painting.Length; i++)
            {
                painting[i] = new Rgb24((byte)red, (byte)(i >> 8), (byte)i);
            }

            DepthCodec.Decode(painting, depth, confidence);

            for (int i = 0; i < painting.Length; i++)
            {
                float expected = DepthCodec.Decode(painting[i], out float trust);
                if (expected != depth[i] || trust != confidence[i] || !(depth[i] >= 0) || confidence[i] is not (> 0 and <= 1))
                {
                    Assert.Fail($"{painting[i]}: expected {expected} m, {trust}; found {depth[i]} m, {confidence[i]}.");
                }
            }
        }
    }

    [Property]
    public void Decode_AnyPicture_AgreesWithTheDefinitionAndWritesNothingElse(int seed, byte length)
    {
        Rgb24[] painting = Colours.Noise(seed, length);
        float[] depth = [.. Enumerable.Repeat(-7f, length + 9)], confidence = [.. Enumerable.Repeat(-7f, length + 9)];

        DepthCodec.Decode(painting, depth.AsSpan(0, length), confidence.AsSpan(0, length));

        for (int i = 0; i < length; i++)
        {
            Assert.Equal(DepthCodec.Decode(painting[i], out float trust), depth[i]);
            Assert.Equal(trust, confidence[i]);
            Assert.True(depth[i] >= 0);
        }

        Assert.All(depth.Skip(length).Concat(confidence.Skip(length)), v => Assert.Equal(-7f, v));
    }

    [Property]
    public void Encode_AnyDepths_AgreesWithTheDefinition(float[] some, byte length)
    {
        float[] depth = [.. Enumerable.Range(0, length).Select(i => some.Length == 0 ? i * 0.37f : some[i % some.Length] * (1 + (i / 7f)))];
        var painting = new Rgb24[length];

        DepthCodec.Encode(depth, painting);

        Assert.Equal(depth.Select(DepthCodec.Encode), painting);
    }

    [Fact]
    public void Decode_ColourOffTheWalk_LosesConfidenceWithDistance()
    {
        float last = 2;
        for (byte off = 0; off < 100; off += 5)
        {
            _ = DepthCodec.Decode(new Rgb24(255, 128, off), out float confidence);
            Assert.True(confidence < last);
            Assert.Equal(off, PaintingResidual.DistanceAt(confidence), 1e-2f);
            last = confidence;
        }
    }

    [Fact]
    public void Decode_SpansOfDifferentLength_Throws()
    {
        Assert.Throws<ArgumentException>(() => DepthCodec.Decode(new Rgb24[4], new float[3], []));
        Assert.Throws<ArgumentException>(() => DepthCodec.Decode(new Rgb24[4], new float[4], new float[5]));
        Assert.Throws<ArgumentException>(() => DepthCodec.Encode(new float[4], new Rgb24[3]));
    }

    [Fact]
    public void EncodeDecode_WhenWarm_AllocateNothing()
    {
        float[] depth = new float[1000], confidence = new float[1000];
        var painting = new Rgb24[1000];
        DepthCodec.Encode(depth, painting);
        DepthCodec.Decode(painting, depth, confidence);

        long allocated = Allocation.Of(() =>
        {
            DepthCodec.Encode(depth, painting);
            DepthCodec.Decode(painting, depth, confidence);
        });

        Assert.Equal(0, allocated);
    }

    private static float DecodeOne(Rgb24 colour)
    {
        float[] depth = new float[1];
        DepthCodec.Decode([colour], depth, []);
        return depth[0];
    }
}
