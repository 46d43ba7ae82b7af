using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Tests.Instructions;

public sealed class InstructionIdsTests
{
    private static readonly Rgb24 Red = new(255, 0, 0);

    [Fact]
    public void NameOf_Classes_NamesOfThePalette()
    {
        Instruction labels = Instruction.Semantic(new LabelPalette([new LabelColour(0, "floor", Red)]));
        Assert.Equal(("floor", "id 7"), (labels.NameOf(0), labels.NameOf(7)));
        Assert.Equal(((Rgb24?)Red, null), (labels.ColourOf(0), labels.ColourOf(7)));
        Assert.Equal("2 classes", labels.Tally(2));
    }

    [Fact]
    public void NameOf_Instances_ClassAndNumber()
    {
        Instruction chairs = Instruction.Instances("chair", default);
        Assert.Equal(("background", "chair 3"), (chairs.NameOf(0), chairs.NameOf(3)));
        Assert.Null(chairs.ColourOf(3));
        Assert.Equal("2 found", chairs.Tally(2));
    }

    [Fact]
    public void NameOf_Phrase_ThePhraseInItsColour()
    {
        Instruction mug = Instruction.Refer("red mug", Red);
        Assert.Equal(("rest", "red mug"), (mug.NameOf(0), mug.NameOf(1)));
        Assert.Equal(Red, mug.ColourOf(1));
        Assert.Equal("", mug.Tally(1));
    }
}
