using FsCheck.Xunit;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Tests.Instructions;

public sealed class ColourTextTests
{
    [Theory]
    [InlineData("(255, 255, 0)", 255, 255, 0)]
    [InlineData(" ( 255,255 , 0 ) ", 255, 255, 0)]
    [InlineData("<255, 165, 0>", 255, 165, 0)]
    [InlineData("RGB(88, 50, 82)", 88, 50, 82)]
    [InlineData("rgb (88,50,82)", 88, 50, 82)]
    [InlineData("#80C000", 128, 192, 0)]
    [InlineData("#80c000", 128, 192, 0)]
    [InlineData("#8C0", 136, 204, 0)]
    [InlineData("light purple", 200, 160, 255)]
    [InlineData("Light-Purple", 200, 160, 255)]
    [InlineData("white", 255, 255, 255)]
    [InlineData("dark slate grey", 47, 79, 79)]
    [InlineData("rebeccapurple", 102, 51, 153)]
    public void Parse_EachGrammar_IsTheColour(string text, byte r, byte g, byte b) =>
        Assert.Equal(new Rgb24(r, g, b), ColourText.Parse(text));

    [Theory]
    [InlineData("(255, 256, 0)", 6, "from 0 to 255, found '256'")]
    [InlineData("(255, 25", 8, "expected ','")]
    [InlineData("(1, 2, 3>", 8, "expected ')', found '>'")]
    [InlineData("#12345", 0, "hexadecimal digits, found '#12345'")]
    [InlineData("#12345G", 0, "found '#12345G'")]
    [InlineData("purpel", 0, "expected a colour")]
    [InlineData("", 0, "the end of the text")]
    [InlineData("red wine", 4, "expected the end, found 'wine'")]
    [InlineData("(-1, 0, 0)", 1, "from 0 to 255")]
    public void Parse_NoColour_SaysWhereAndWhatWasExpected(string text, int position, string message)
    {
        InstructionFormatException error = Assert.Throws<InstructionFormatException>(() => ColourText.Parse(text));
        Assert.Equal(position, error.Position);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Property]
    public void Parse_AnyColourInAnyNumericGrammar_ComesBack(byte r, byte g, byte b)
    {
        var colour = new Rgb24(r, g, b);
        Assert.Equal(colour, ColourText.Parse(colour.ToString()));
        Assert.Equal(colour, ColourText.Parse($"({r}, {g}, {b})"));
        Assert.Equal(colour, ColourText.Parse($"<{r},{g},{b}>"));
        Assert.Equal(colour, ColourText.Parse($"RGB({r}, {g}, {b})"));
    }

    [Property]
    public void Parse_AnyText_GivesAColourOrAFormatError(string? text)
    {
        try
        {
            ColourText.Parse(text ?? "");
        }
        catch (InstructionFormatException e)
        {
            Assert.InRange(e.Position, 0, (text ?? "").Length);
        }
    }
}
