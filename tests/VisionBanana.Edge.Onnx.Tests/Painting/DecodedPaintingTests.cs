using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Tests.Painting;

/// <summary>Painter and codec together: what is painted decodes to what the graph meant.</summary>
public sealed class DecodedPaintingTests
{
    [Fact]
    public void Decode_Depth_GivesTheMetresOfTheWalk()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Gradient();

        painter.Paint(frame, [Instruction.MetricDepth()]);
        Percept percept = frame.Find(PerceptKind.Depth)!;
        new PerceptDecoder().Decode(frame, percept);

        for (int x = 1; x < TestModel.Width - 4; x++)
        {
            // u = red; d = 10 · ((1 − u)^−½ − 1); one 8-bit step of the painting is 2.8 mm · (1 + d/10)³, half of it is rounding.
            double metres = 10 * (Math.Pow(1 - (frame.Color[x].R / 255.0), -0.5) - 1);
            Assert.Equal(metres, percept.Depth[x], 0.0028 * Math.Pow(1 + (metres / 10), 3));
        }

        Assert.Equal(float.PositiveInfinity, percept.Depth[TestModel.Width - 1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decode_LabelsNotAskedFor_AreBackgroundOrUnknown(bool withBackground)
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        List<LabelColour> entries = [new(4, "cat", new Rgb24(255, 165, 0)), new(5, "dog", new Rgb24(20, 30, 200))];
        if (withBackground)
        {
            entries.Add(new LabelColour(6, LabelPalette.BackgroundName, new Rgb24(125, 0, 125)));
        }

        Instruction labels = Instruction.Semantic(new LabelPalette(entries));
        var decoder = new PerceptDecoder();
        ushort rest = withBackground ? (ushort)6 : LabelPlane.Unknown;
        foreach ((int slot, ushort expected) in (ReadOnlySpan<(int, ushort)>)[(0, rest), (1, 4), (2, 5), (3, rest), (63, rest)])
        {
            using PerceptionFrame frame = TestFrames.Plain(new Rgb24(0, (byte)Math.Round(slot * 255 / 63.0), 0));
            painter.Paint(frame, [labels]);
            decoder.Decode(frame, frame.Find(PerceptKind.Labels)!);
            Assert.All(frame.Find(PerceptKind.Labels)!.Labels.ToArray(), l => Assert.Equal(expected, l));
        }
    }

    /// <summary>Two dogs in touching cells, one far away, a cat between them: three objects of one class, and nothing else.</summary>
    [Fact]
    public void Decode_Instances_TellsObjectsOfTheClassApart()
    {
        using var model = TestModel.Instances();
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Plain(new Rgb24(0, Slot(1), Slot(40)));
        (int Left, int Cell)[] dogs = [(2, 20), (8, 21), (20, 5)];
        foreach ((int left, int cell) in dogs)
        {
            for (int i = 0; i < 6 * 8; i++)
            {
                frame.Color[((4 + (i / 6)) * TestModel.Width) + left + (i % 6)] = new Rgb24(0, Slot(2), Slot(cell));
            }
        }

        painter.Paint(frame, [Instruction.Instances("dog", new Rgb24(88, 50, 82)), Instruction.MetricDepth()]);
        Percept percept = frame.Find(PerceptKind.Instances)!;
        new PerceptDecoder().Decode(frame, percept);

        // Objects are numbered in the order of their first pixels: here from left to right.
        for (int i = 0; i < percept.Labels.Length; i++)
        {
            (int y, int x) = Math.DivRem(i, TestModel.Width);
            int expected = y is < 4 or >= 12 ? 0 : 1 + Array.FindIndex(dogs, d => x >= d.Left && x < d.Left + 6);
            Assert.Equal(expected, percept.Labels[i]);
        }

        Assert.Equal(new Rgb24(88, 50, 82), percept.Painting[0]);
        Assert.True(percept.PainterGaveConfidence);
    }

    private static byte Slot(int k) => (byte)Math.Round(k * 255 / 63.0);

    [Fact]
    public void Decode_Normals_TurnsTheDirectionsToTheOpticalFrame()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        var decoder = new PerceptDecoder();
        foreach (int slot in (ReadOnlySpan<int>)[0, 21, 42, 63])
        {
            using PerceptionFrame frame = TestFrames.Plain(new Rgb24(0, 0, (byte)(slot * 255 / 63)));
            painter.Paint(frame, [Instruction.SurfaceNormals()]);
            Percept percept = frame.Find(PerceptKind.Normals)!;
            decoder.Decode(frame, percept);

            // Paper: x right, y up, z to the viewer. Optical: x right, y down, z forward.
            System.Numerics.Vector3 direction = model.Open().Manifest.Tasks.Normals!.Directions[slot];
            Assert.Equal(direction.X, percept.Normals[0], 0.02f);
            Assert.Equal(-direction.Y, percept.Normals[1], 0.02f);
            Assert.Equal(-direction.Z, percept.Normals[2], 0.02f);
        }
    }

    [Fact]
    public void Decode_PlainDepth_PaintsTheWalk()
    {
        using var model = TestModel.MetricDepth();
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Gradient();

        painter.Paint(frame, [Instruction.MetricDepth()]);
        Percept percept = frame.Find(PerceptKind.Depth)!;
        new PerceptDecoder().Decode(frame, percept);

        float last = percept.Depth[TestModel.Width - 1];
        double u = 1 - Math.Pow(1 + (last / 10.0), -2);
        System.Numerics.Vector3 colour = ColourMap.Rainbow.At((float)u) * 255;
        Assert.Equal(colour.X, percept.Painting[TestModel.Width - 1].R, 1.0);
        Assert.Equal(colour.Y, percept.Painting[TestModel.Width - 1].G, 1.0);
        Assert.Equal(colour.Z, percept.Painting[TestModel.Width - 1].B, 1.0);
        Assert.Equal(0, percept.Confidence[0]);
        Assert.Equal(1, percept.Confidence[TestModel.Width - 1]);
    }
}
