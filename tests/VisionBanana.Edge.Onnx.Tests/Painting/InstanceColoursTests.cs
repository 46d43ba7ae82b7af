using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Onnx.Tests.Painting;

public sealed class InstanceColoursTests
{
    /// <summary>Far more than the decoder needs, whatever the background: paintings are not pure.</summary>
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(255, 255, 255)]
    [InlineData(88, 50, 82)]
    [InlineData(128, 128, 128)]
    [InlineData(96, 160, 32)]
    public void Of_AnyBackground_KeepsColoursApartAndNeighboursFarApart(byte r, byte g, byte b)
    {
        var background = new Rgb24(r, g, b);

        Rgb24[] colours = InstanceColours.Of(64, 63, background);

        Assert.Equal(background, colours[63]);
        for (int i = 0; i < 64; i++)
        {
            for (int k = 0; k < i; k++)
            {
                double apart = Math.Sqrt(Rgb24.SquaredDistance(colours[i], colours[k]));
                Assert.True(apart > 3 * InstanceCodec.ColourTolerance, $"{k} and {i}: {apart}");
                bool touch = i < 63 && Math.Abs((i / 9) - (k / 9)) <= 1 && Math.Abs((i % 9) - (k % 9)) <= 1;
                Assert.True(!touch || apart > 110, $"cells {k} and {i} touch: {apart}");
            }
        }
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(64, 10)]
    [InlineData(256, 255)]
    public void Of_OtherNumbersOfSlots_FindsAColourForEach(int slots, int backgroundSlot)
    {
        Rgb24[] colours = InstanceColours.Of(slots, backgroundSlot, new Rgb24(10, 20, 30));

        Assert.Equal(slots, colours.Distinct().Count());
        Assert.Equal(new Rgb24(10, 20, 30), colours[backgroundSlot]);
        Assert.All(
            colours.Where((_, i) => i != backgroundSlot),
            c => Assert.True(Rgb24.SquaredDistance(c, colours[backgroundSlot]) > InstanceCodec.ColourTolerance * InstanceCodec.ColourTolerance));
    }
}
