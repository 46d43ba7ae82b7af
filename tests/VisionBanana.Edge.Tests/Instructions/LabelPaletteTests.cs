using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Tests.Instructions;

public sealed class LabelPaletteTests
{
    [Fact]
    public void RemainderColour_WithBackground_IsTheBackgroundColour()
    {
        var palette = new LabelPalette([new(0, "cat", new Rgb24(255, 165, 0)), new(1, "Background", new Rgb24(125, 0, 125))]);

        Assert.Equal(1, palette.Background);
        Assert.Equal(new Rgb24(125, 0, 125), palette.RemainderColour);
    }

    [Fact]
    public void RemainderColour_WhiteAsked_IsBlack() =>
        Assert.Equal(new Rgb24(0, 0, 0), new LabelPalette([new(0, "cat", new Rgb24(255, 255, 255))]).RemainderColour);

    [Fact]
    public void RemainderColour_EveryCornerAsked_IsFarFromAllOfThem()
    {
        var corners = Enumerable.Range(0, 8)
            .Select(i => new LabelColour(i, $"c{i}", new Rgb24((byte)((i & 1) * 255), (byte)((i >> 1 & 1) * 255), (byte)((i >> 2) * 255))));
        var palette = new LabelPalette(corners);

        Assert.Equal(-1, palette.Background);
        Assert.All(palette, e => Assert.True(Rgb24.SquaredDistance(e.Colour, palette.RemainderColour) > 200 * 200));
    }

    [Fact]
    public void IndexOf_OtherCase_FindsTheEntry()
    {
        var palette = new LabelPalette([new(3, "Cat", new Rgb24(1, 2, 3)), new(4, "dog", new Rgb24(4, 5, 6))]);

        Assert.Equal(0, palette.IndexOf("cat"));
        Assert.Equal(-1, palette.IndexOf("bird"));
    }
}
