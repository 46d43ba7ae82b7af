using System.Numerics;
using FsCheck.Xunit;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Tests.Codecs;

public sealed class ColourMapTests
{
    public static TheoryData<string> Names => [.. ColourMap.All.Select(m => m.Name)];

    [Fact]
    public void Sample_SixtyFourSlotsOfTheRainbow_HitTheCornersExactly()
    {
        Vector3[] palette = ColourMap.Rainbow.Sample(64);

        Vector3[] corners = [new(0, 0, 0), new(1, 0, 0), new(1, 1, 0), new(0, 1, 0), new(0, 1, 1), new(0, 0, 1), new(1, 0, 1), new(1, 1, 1)];
        Assert.Equal(corners, Enumerable.Range(0, 8).Select(i => palette[i * 9]));
        Assert.Equal(new Vector3(5 / 9f, 0, 0), palette[5], Close);
    }

    [Fact]
    public void Sample_Rainbow_DecodesToTheDepthOfEachSlot()
    {
        Vector3[] palette = ColourMap.Rainbow.Sample(64);
        for (int k = 0; k < 63; k++)
        {
            Vector3 c = palette[k] * 255;
            float depth = DepthCodec.Decode(new Rgb24((byte)MathF.Round(c.X), (byte)MathF.Round(c.Y), (byte)MathF.Round(c.Z)), out _);
            double expected = DepthCodec.UToDepth(k / 63.0);
            Assert.Equal(expected, depth, DepthCodec.StepAt(expected + DepthCodec.StepAt(expected)));
        }
    }

    [Fact]
    public void At_OutsideTheLine_IsClamped()
    {
        Assert.Equal(Vector3.Zero, ColourMap.Rainbow.At(-1));
        Assert.Equal(Vector3.Zero, ColourMap.Rainbow.At(float.NaN));
        Assert.Equal(Vector3.One, ColourMap.Rainbow.At(2));
        Assert.Equal(Vector3.One, ColourMap.Rainbow.At(1));
    }

    [Fact]
    public void Find_NameInAnyCase_IsTheMap()
    {
        Assert.Same(ColourMap.Viridis, ColourMap.Find("Viridis"));
        Assert.Null(ColourMap.Find("jet"));
    }

    [Theory]
    [InlineData("plasma", 0x0D0887, 0xF0F921)]
    [InlineData("inferno", 0x000004, 0xFCFFA4)]
    [InlineData("viridis", 0x440154, 0xFDE725)]
    [InlineData("grey", 0x000000, 0xFFFFFF)]
    public void Corners_OfAMap_BeginAndEndWithItsKnownColours(string name, int first, int last)
    {
        ColourMap map = ColourMap.Find(name)!;
        Assert.Equal($"#{first:X6}", map.Corners[0].ToString());
        Assert.Equal($"#{last:X6}", map.Corners[^1].ToString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void RoundTrip_AnyMap_StaysWithinItsResolution(string name)
    {
        var codec = new ColourMapCodec(ColourMap.Find(name)!);
        float[] depth = [.. Enumerable.Range(0, 3000).Select(i => 0.1f * MathF.Pow(800f, i / 2999f))];
        var painting = new Rgb24[depth.Length];
        float[] back = new float[depth.Length], confidence = new float[depth.Length];

        codec.Encode(depth, painting);
        codec.Decode(painting, back, confidence);

        // A map that is shorter than the walk has fewer 8-bit colours: grey has 256 of them.
        for (int i = 0; i < depth.Length; i++)
        {
            Assert.Equal(DepthCodec.DepthToU(depth[i]), DepthCodec.DepthToU(back[i]), 1.2 / 256);
            Assert.True(confidence[i] > 0.98);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_EndOfAnyMap_IsTooFarAndItsBeginningZero(string name)
    {
        ColourMap map = ColourMap.Find(name)!;
        float[] depth = new float[2];
        new ColourMapCodec(map).Decode([map.Corners[0], map.Corners[^1]], depth, []);

        Assert.Equal([0f, float.PositiveInfinity], depth);
    }

    [Property(MaxTest = 30)]
    public void Decode_AnyPicture_AgreesWithTheDefinition(int seed, byte length)
    {
        Rgb24[] painting = Colours.Noise(seed, length);
        foreach (ColourMap map in ColourMap.All)
        {
            var codec = new ColourMapCodec(map);
            float[] depth = new float[length], confidence = new float[length];
            codec.Decode(painting, depth, confidence);
            for (int i = 0; i < length; i++)
            {
                float expected = ReferenceEquals(map, ColourMap.Rainbow)
                    ? DepthCodec.Decode(painting[i], out float trust)
                    : codec.Decode(painting[i], out trust);
                Assert.Equal(expected, depth[i]);
                Assert.Equal(trust, confidence[i]);
                Assert.True(depth[i] >= 0);
            }
        }
    }

    private static bool Close(Vector3 a, Vector3 b) => Vector3.Distance(a, b) < 1e-6;
}
