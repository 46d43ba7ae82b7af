using FsCheck.Xunit;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Tests.Codecs;

public sealed class ReferringCodecTests
{
    [Fact]
    public void Decode_ColourAndBlack_AreOneAndZero()
    {
        ushort[] mask = new ushort[4];
        float[] confidence = new float[4];
        new ReferringCodec(new Rgb24(255, 255, 255)).Decode([new(255, 255, 255), default, new(200, 210, 190), new(40, 30, 20)], mask, confidence);

        Assert.Equal([1, 0, 1, 0], mask.Select(m => (int)m));
        Assert.Equal(1f, confidence[0]);
        Assert.InRange(confidence[2], 0.5f, 0.99f);
    }

    [Fact]
    public void Constructor_Black_Throws() => Assert.Throws<ArgumentException>(() => new ReferringCodec(default));

    [Property]
    public void Decode_AnyPicture_IsTheNearerOfColourAndBlack(int seed, byte length, byte r, byte g)
    {
        var colour = new Rgb24(r, g, 77);
        Rgb24[] painting = Colours.Noise(seed, length);
        ushort[] mask = new ushort[length];

        new ReferringCodec(colour).Decode(painting, mask, []);

        Assert.Equal(painting.Select(c => Rgb24.SquaredDistance(c, colour) < Rgb24.SquaredDistance(c, default) ? 1 : 0), mask.Select(m => (int)m));
    }
}
