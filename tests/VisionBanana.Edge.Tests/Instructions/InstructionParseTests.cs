using FsCheck;
using FsCheck.Xunit;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Tests.Instructions;

public sealed class InstructionParseTests
{
    private static readonly LabelPalette Classes = new(
    [
        new LabelColour(0, "wall", new Rgb24(1, 1, 1)),
        new LabelColour(5, "Table", new Rgb24(2, 2, 2)),
        new LabelColour(9, "small object", new Rgb24(3, 3, 3)),
    ]);

    [Theory]
    [InlineData("Predict the metric depth of this scene as an image. Visualized in the rainbow (black-red-yellow-green-cyan-blue-violet-white) color palette.")]
    [InlineData("Generate a metric depth map of the input image.")]
    [InlineData("generate  a metric\ndepth map of the input image")]
    [InlineData("Predict the metric depth of this scene as an image.")]
    [InlineData("Predict the metric depth of this scene as an image. Visualized in the rainbow colour palette")]
    [InlineData("depth")]
    [InlineData(" Depth ")]
    public void Parse_DepthWordings_AreDepth(string text) => Assert.Equal(Instruction.MetricDepth(), Instruction.Parse(text));

    [Theory]
    [InlineData("Generate a surface normal map of the input image.")]
    [InlineData("normals")]
    public void Parse_NormalWordings_AreNormals(string text) => Assert.Equal(Instruction.SurfaceNormals(), Instruction.Parse(text));

    [Fact]
    public void Parse_SemanticMapping_IsThePalette()
    {
        Instruction parsed = Instruction.Parse(
            "Generate a visualization image of semantic segmentation, using this color mapping: {\"cat ears\": <255, 165, 0>, \"background\": <125, 0, 125>}");

        LabelPalette palette = Assert.IsType<SemanticInstruction>(parsed).Palette;
        Assert.Equal([new LabelColour(1, "cat ears", new Rgb24(255, 165, 0)), new LabelColour(0, "background", new Rgb24(125, 0, 125))], palette);
    }

    [Fact]
    public void Parse_MappingAlone_MayUseEveryColourGrammar()
    {
        Instruction parsed = Instruction.Parse("""{"a": (1, 2, 3), "b": #80C000, "c": light purple, "d": RGB(4, 5, 6)}""");

        Assert.Equal(
            [new Rgb24(1, 2, 3), new Rgb24(128, 192, 0), new Rgb24(200, 160, 255), new Rgb24(4, 5, 6)],
            Assert.IsType<SemanticInstruction>(parsed).Palette.Select(e => e.Colour));
    }

    [Fact]
    public void Parse_SentencePerClass_IsThePalette()
    {
        Instruction parsed = Instruction.Parse("The menu is #80C000. The dessert that is sweet is light purple. The rest is (1, 2, 3)");

        Assert.Equal(
            [new LabelColour(1, "menu", new Rgb24(128, 192, 0)), new LabelColour(
                2, "dessert that is sweet", new Rgb24(200, 160, 255)), new LabelColour(3, "rest", new Rgb24(1, 2, 3))],
            Assert.IsType<SemanticInstruction>(parsed).Palette);
    }

    [Fact]
    public void Parse_InstancePrompt_IsClassAndBackground()
    {
        Instruction parsed = Instruction.Parse(
            "Generate an instance segmentation visualization of this image. Each piece of garlic is colored differently. Background is RGB(88, 50, 82).");
        Assert.Equal(Instruction.Instances("piece of garlic", new Rgb24(88, 50, 82)), parsed);
    }

    [Theory]
    [InlineData("The area that corresponds to the man in pink t shirt is rendered solid white.", "man in pink t shirt")]
    [InlineData("refer:the red mug", "red mug")]
    [InlineData("refer: red mug ", "red mug")]
    public void Parse_ReferringWordings_AreWhiteOnBlack(string text, string phrase) =>
        Assert.Equal(Instruction.Refer(phrase, new Rgb24(255, 255, 255)), Instruction.Parse(text));

    [Fact]
    public void Parse_InstancesShort_IsOnBlack() =>
        Assert.Equal(Instruction.Instances("chair", default), Instruction.Parse("instances:chair"));

    [Fact]
    public void Parse_LabelsShort_AsksForEveryClassOfTheModel()
    {
        Assert.Equal(Instruction.Semantic(Classes), Instruction.Parse("labels", Classes));
        Assert.Contains("no model is known", Assert.Throws<InstructionFormatException>(() => Instruction.Parse("labels")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_WithClasses_TakesTheirIds()
    {
        var parsed = (SemanticInstruction)Instruction.Parse("""{"SMALL OBJECT": red, "table": blue, "background": black}""", Classes);

        // 0 is the wall's: the background goes behind the last class.
        Assert.Equal([9, 5, 10], parsed.Palette.Select(e => e.Id));
    }

    [Fact]
    public void Parse_ClassTheModelLacks_NamesTheOnesItHas()
    {
        InstructionFormatException error = Assert.Throws<InstructionFormatException>(() => Instruction.Parse("""{"dragon": red}""", Classes));
        Assert.Equal(2, error.Position);
        Assert.Contains("no class 'dragon'. It has: wall, Table, small object.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0, "the end of the text")]
    [InlineData("dept", 0, "refer:PHRASE")]
    [InlineData("  dept", 2, "found 'dept'")]
    [InlineData("Generate a metric dept map of the input image.", 18, "expected \"depth map of the input image\", found 'dept'")]
    [InlineData("Generate a song", 11, "found 'song'")]
    [InlineData("{\"a\": red, \"b\" blue}", 15, "expected ':', found 'blue'")]
    [InlineData("{\"a\": red, \"b\": bleu}", 16, "expected a colour")]
    [InlineData("{\"a\": red, \"A\": blue}", 12, "stands twice")]
    [InlineData("{\"a\": red, \"b\": #FF0000}", 15, "'a' has the colour #FF0000 already")]
    [InlineData("{\"a\": <300, 0, 0>}", 7, "from 0 to 255, found '300'")]
    [InlineData("{\"a: red}", 1, "closing '\"'")]
    [InlineData("{\"a\": red", 9, "expected ',' or '}', found the end of the text")]
    [InlineData("{}", 1, "expected '\"', found '}'")]
    [InlineData("{\" \": red}", 2, "name of a class")]
    [InlineData("instances:", 10, "a class after 'instances:'")]
    [InlineData("The area that corresponds to the mug is rendered solid purpel.", 55, "expected a colour")]
    [InlineData("The area that corresponds to the mug is rendered solid black.", 55, "other than black")]
    [InlineData("The area that corresponds to the mug.", 33, "is rendered solid")]
    [InlineData("depth please", 6, "found 'please'")]
    public void Parse_WhatCannotBeRead_SaysWhereAndWhatWasExpected(string text, int position, string message)
    {
        InstructionFormatException error = Assert.Throws<InstructionFormatException>(() => Instruction.Parse(text));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(position, error.Position);

        string[] lines = error.Message.Split(Environment.NewLine);
        Assert.Equal($"  {text}", lines[^2]);
        Assert.Equal(new string(' ', position + 2) + "^", lines[^1]);
    }

    [Fact]
    public void Parse_MistakeInALongText_ShowsAWindowWithTheCaretUnderIt()
    {
        string text = "{" + string.Join(", ", Enumerable.Range(0, 60).Select(i => $"\"class {i}\": ({i}, 0, {(i == 40 ? "x" : "1")})")) + "}";
        InstructionFormatException error = Assert.Throws<InstructionFormatException>(() => Instruction.Parse(text));

        string[] lines = error.Message.Split(Environment.NewLine);
        Assert.Equal('x', text[error.Position]);
        Assert.Equal('x', lines[^2][lines[^1].IndexOf('^', StringComparison.Ordinal)]);
        Assert.True(lines[^2].Length <= 102);
    }

    [Property]
    public void Parse_WhatReferWrites_ComesBack(NonEmptyString phrase, byte r, byte g, byte b)
    {
        if (string.IsNullOrWhiteSpace(phrase.Get) || (r | g | b) == 0)
        {
            return;
        }

        Instruction instruction = Instruction.Refer(phrase.Get, new Rgb24(r, g, b));
        Assert.Equal(instruction, Instruction.Parse(instruction.Prompt));
    }

    [Property]
    public void Parse_WhatInstancesWrites_ComesBack(NonEmptyString name, byte r, byte g, byte b)
    {
        if (string.IsNullOrWhiteSpace(name.Get))
        {
            return;
        }

        Instruction instruction = Instruction.Instances(name.Get, new Rgb24(r, g, b));
        Assert.Equal(instruction, Instruction.Parse(instruction.Prompt));
    }

    [Theory]
    [InlineData("thing that is rendered solid white.")]
    [InlineData("the the")]
    [InlineData("x is colored differently. Background is RGB(1, 2, 3)")]
    public void Parse_PhraseThatLooksLikeThePrompt_ComesBack(string phrase)
    {
        Instruction refer = Instruction.Refer(phrase, new Rgb24(1, 2, 3)), instances = Instruction.Instances(phrase, new Rgb24(9, 8, 7));
        Assert.Equal(refer, Instruction.Parse(refer.Prompt));
        Assert.Equal(instances, Instruction.Parse(instances.Prompt));
    }

    [Property]
    public void Parse_WhatSemanticWrites_ComesBack(NonEmptyArray<NonEmptyString> names, int seed)
    {
        string[] unique = [.. names.Get.Select(n => n.Get).Where(n => !string.IsNullOrWhiteSpace(n)).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (unique.Length == 0)
        {
            return;
        }

        var random = new Random(seed);
        int[] colours = [.. Enumerable.Range(0, unique.Length * 4).Select(_ => random.Next(1 << 24)).Distinct().Take(unique.Length)];
        var palette = new LabelPalette(unique.Zip(colours).Select((pair, i) =>
            new LabelColour(i + 1, pair.First, new Rgb24((byte)(pair.Second >> 16), (byte)(pair.Second >> 8), (byte)pair.Second))));
        Instruction instruction = Instruction.Semantic(palette);

        Assert.Equal(instruction, Instruction.Parse(instruction.Prompt));
        Assert.Equal(instruction, Instruction.Parse(instruction.Prompt, palette));
    }

    [Theory]
    [InlineData("quoted \" name")]
    [InlineData("back\\slash\\")]
    [InlineData("} brace, \": <1, 2, 3>")]
    public void Parse_NameWithSpecialCharacters_ComesBack(string name)
    {
        Instruction instruction = Instruction.Semantic(new LabelPalette([new LabelColour(1, name, new Rgb24(7, 7, 7))]));
        Assert.Equal(instruction, Instruction.Parse(instruction.Prompt));
    }

    [Property]
    public void TryParse_AnyText_NeverThrows(string? text, byte cut)
    {
        string prompt = Instruction.Semantic(Classes).Prompt;
        foreach (string candidate in new[] { text ?? "", prompt[..(cut % prompt.Length)], prompt[..(cut % prompt.Length)] + text })
        {
            bool read = Instruction.TryParse(candidate, null, out Instruction? instruction, out string? problem);
            Assert.Equal(read, instruction is not null);
            Assert.Equal(read, problem is null);
        }
    }

    [Fact]
    public void Refer_BlackOrEmpty_Throws()
    {
        Assert.Throws<ArgumentException>(() => Instruction.Refer("mug", default));
        Assert.Throws<ArgumentException>(() => Instruction.Refer("  ", new Rgb24(1, 1, 1)));
        Assert.Throws<ArgumentException>(() => Instruction.Instances("", default));
    }
}
