using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Tests.Models;

public sealed class InstanceColoursTests
{
    /// <summary>Neighbouring cells are two objects, yet doubt between them is hardly a change of colour; the background is far from all of them.</summary>
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(255, 255, 255)]
    [InlineData(88, 50, 82)]
    [InlineData(128, 128, 128)]
    [InlineData(96, 160, 32)]
    public void Of_AnyBackground_KeepsCellsJustApartAndTheBackgroundFar(byte r, byte g, byte b)
    {
        var background = new Rgb24(r, g, b);

        Rgb24[] colours = InstanceColours.Of(64, 63, background);

        Assert.Equal(background, colours[63]);
        for (int i = 0; i < 63; i++)
        {
            Assert.True(Math.Sqrt(Rgb24.SquaredDistance(colours[i], background)) > 6 * InstanceCodec.ColourTolerance, $"{i} and the background");
            for (int k = 0; k < i; k++)
            {
                double apart = Math.Sqrt(Rgb24.SquaredDistance(colours[i], colours[k]));
                Assert.True(apart > 1.2 * InstanceCodec.ColourTolerance, $"{k} and {i}: {apart}");
                bool beside = Math.Abs((i / 9) - (k / 9)) + Math.Abs((i % 9) - (k % 9)) == 1;
                Assert.True(!beside || apart < 2 * InstanceCodec.ColourTolerance, $"cells {k} and {i} lie beside each other: {apart}");
            }
        }
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(64, 10)]
    [InlineData(128, 127)]
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
