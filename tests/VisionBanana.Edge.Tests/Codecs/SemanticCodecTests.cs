using FsCheck;
using FsCheck.Xunit;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Tests.Codecs;

public sealed class SemanticCodecTests
{
    private static readonly LabelPalette CatPalette = new(
    [
        new LabelColour(4, "cat ears", new Rgb24(255, 165, 0)),
        new LabelColour(0, "background", new Rgb24(125, 0, 125)),
        new LabelColour(7, "tail", new Rgb24(0, 0, 200)),
    ]);

    [Fact]
    public void Decode_ExactColours_GiveIdsWithFullConfidence()
    {
        ushort[] labels = new ushort[3];
        float[] confidence = new float[3];
        new SemanticCodec(CatPalette).Decode([new(0, 0, 200), new(255, 165, 0), new(125, 0, 125)], labels, confidence);

        Assert.Equal([7, 4, 0], labels.Select(l => (int)l));
        Assert.All(confidence, c => Assert.Equal(1f, c));
    }

    [Fact]
    public void Decode_HalfWayBetweenTwoColours_GivesTheFirstWithoutConfidence()
    {
        var palette = new LabelPalette([new LabelColour(1, "background", new Rgb24(0, 0, 0)), new LabelColour(2, "b", new Rgb24(200, 0, 0))]);
        ushort[] labels = new ushort[2];
        float[] confidence = new float[2];
        new SemanticCodec(palette).Decode([new(100, 0, 0), new(150, 0, 0)], labels, confidence);

        Assert.Equal([1, 2], labels.Select(l => (int)l));
        Assert.Equal(0f, confidence[0]);
        Assert.Equal(((150f * 150) - 2500) / ((150f * 150) + 2500), confidence[1], 1e-6f);
    }

    [Fact]
    public void Decode_BackgroundAlone_IsEverywhere()
    {
        ushort[] labels = new ushort[70];
        float[] confidence = new float[70];
        new SemanticCodec(new LabelPalette([new LabelColour(65534, "background", new Rgb24(1, 2, 3))])).Decode(Colours.Noise(1, 70), labels, confidence);

        Assert.All(labels, l => Assert.Equal(65534, l));
        Assert.All(confidence, c => Assert.Equal(1f, c));
    }

    [Fact]
    public void Decode_RemainderOfAPaletteWithoutBackground_IsUnknown()
    {
        var palette = new LabelPalette([new LabelColour(1, "a", new Rgb24(255, 0, 0)), new LabelColour(2, "b", new Rgb24(255, 255, 0))]);
        ushort[] labels = new ushort[3];
        new SemanticCodec(palette).Decode([palette.RemainderColour, new(250, 9, 9), new(240, 240, 9)], labels, []);

        Assert.Equal([LabelPlane.Unknown, 1, 2], labels.Select(l => (int)l));
    }

    [Property]
    public void Decode_AnyPictureAndPalette_AgreesWithTheDefinition(int seed, byte length, PositiveInt classes)
    {
        int count = 1 + (classes.Get % 40);
        LabelPalette palette = RandomPalette(seed, count);
        var codec = new SemanticCodec(palette);
        Rgb24[] painting = Colours.Noise(seed ^ 0x5555, length);
        ushort[] labels = new ushort[length];
        float[] confidence = new float[length];

        codec.Decode(painting, labels, confidence);

        for (int i = 0; i < length; i++)
        {
            Assert.Equal(codec.Decode(painting[i], out float margin), labels[i]);
            Assert.Equal(margin, confidence[i]);
            Assert.InRange(confidence[i], 0f, 1f);
        }
    }

    [Property]
    public void EncodeDecode_AnyLabels_ComeBack(int seed, byte length, PositiveInt classes)
    {
        LabelPalette palette = RandomPalette(seed, 1 + (classes.Get % 40));
        var codec = new SemanticCodec(palette);
        var random = new Random(seed);
        ushort[] labels = [.. Enumerable.Range(0, length).Select(_ => (ushort)palette[random.Next(palette.Count)].Id)];
        var painting = new Rgb24[length];
        ushort[] back = new ushort[length];

        codec.Encode(labels, painting);
        codec.Decode(painting, back, []);

        Assert.Equal(labels, back);
    }

    [Fact]
    public void Encode_LabelOutsideThePalette_IsTheRemainder()
    {
        var painting = new Rgb24[3];
        new SemanticCodec(CatPalette).Encode([LabelPlane.Unknown, 7, 5], painting);
        Assert.Equal([new Rgb24(125, 0, 125), new Rgb24(0, 0, 200), new Rgb24(125, 0, 125)], painting);
    }

    [Fact]
    public void Constructor_PaletteThatCannotBeDecoded_SaysWhy()
    {
        Assert.Contains(
            "at least one class", Assert.Throws<ArgumentException>(() => new SemanticCodec(new LabelPalette([]))).Message, StringComparison.Ordinal);
        var tooLarge = new LabelPalette([new LabelColour(65535, "x", default)]);
        Assert.Contains("'x' has id 65535", Assert.Throws<ArgumentException>(() => new SemanticCodec(tooLarge)).Message, StringComparison.Ordinal);
        var twice = new LabelPalette([new LabelColour(1, "x", default), new LabelColour(1, "y", new Rgb24(1, 1, 1))]);
        Assert.Throws<ArgumentException>(() => new SemanticCodec(twice));
    }

    private static LabelPalette RandomPalette(int seed, int count)
    {
        var random = new Random(seed);
        return new LabelPalette(Colours.Noise(seed, count * 2).Distinct().Take(count).Select(
            (c, i) => new LabelColour((i * 3) + random.Next(3), i == 5 ? "background" : $"class {i}", c)));
    }
}
