using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Perception;

public sealed class PerceptDecoderTests
{
    private static readonly LabelPalette Palette = new([new LabelColour(0, "background", default), new LabelColour(3, "cup", new Rgb24(255, 0, 0))]);

    [Fact]
    public void Decode_DepthPainting_FillsDepthAndConfidence()
    {
        using PerceptionFrame frame = Frame(hole: 2);
        Percept percept = frame.Add(Instruction.MetricDepth());
        percept.Painting.Fill(new Rgb24(255, 55, 0));

        new PerceptDecoder().Decode(frame, percept);

        Assert.Equal(1f, percept.Depth[0], 5e-3f);
        Assert.Equal(1f, percept.Confidence[0]);
        Assert.True(float.IsNaN(percept.Depth[2]));
        Assert.Equal(0f, percept.Confidence[2]);
        Assert.Equal(new Rgb24(255, 55, 0), percept.Painting[2]);
    }

    [Fact]
    public void Decode_PainterGaveConfidence_KeepsIt()
    {
        using PerceptionFrame frame = Frame(hole: 5);
        Percept percept = frame.Add(Instruction.MetricDepth());
        percept.Painting.Fill(new Rgb24(255, 55, 90));
        percept.Confidence.Fill(0.25f);
        percept.PainterGaveConfidence = true;

        new PerceptDecoder().Decode(frame, percept);

        Assert.Equal(0.25f, percept.Confidence[0]);
        Assert.Equal(0f, percept.Confidence[5]);
    }

    [Fact]
    public void Decode_PainterGaveDepth_PaintsItAndKeepsTheValues()
    {
        using PerceptionFrame frame = Frame();
        Percept percept = frame.Add(Instruction.MetricDepth());
        percept.Depth.Fill(3f);
        percept.Depth[1] = float.NaN;
        percept.PainterGaveValues = true;

        new PerceptDecoder().Decode(frame, percept);

        Assert.Equal(new Rgb24(36, 255, 0), percept.Painting[0]);
        Assert.Equal(3f, percept.Depth[0]);
        Assert.True(float.IsNaN(percept.Depth[1]));
        Assert.Equal(1f, percept.Confidence[0]);
        Assert.Equal(0f, percept.Confidence[1]);
    }

    [Fact]
    public void Decode_Labels_AreIdsOfThePalette()
    {
        using PerceptionFrame frame = Frame(hole: 0);
        Percept percept = frame.Add(Instruction.Semantic(Palette));
        percept.Painting.Fill(new Rgb24(240, 9, 9));

        new PerceptDecoder().Decode(frame, percept);

        Assert.Equal(LabelPlane.Unknown, percept.Labels[0]);
        Assert.Equal(3, percept.Labels[1]);
    }

    [Fact]
    public void Decode_PainterGaveLabels_PaintsThem()
    {
        using PerceptionFrame frame = Frame();
        Percept percept = frame.Add(Instruction.Semantic(Palette));
        percept.Labels.Fill(3);
        percept.PainterGaveValues = true;

        new PerceptDecoder().Decode(frame, percept);

        Assert.Equal(new Rgb24(255, 0, 0), percept.Painting[7]);
    }

    [Fact]
    public void Decode_Normals_AreInvalidWithoutASource()
    {
        using PerceptionFrame frame = Frame(hole: 1);
        Percept percept = frame.Add(Instruction.SurfaceNormals());
        percept.Painting.Fill(new Rgb24(128, 128, 255));

        new PerceptDecoder().Decode(frame, percept);

        Assert.Equal(-1f, percept.Normals[2], 1e-4f);
        Assert.True(float.IsNaN(percept.Normals[3]) && float.IsNaN(percept.Normals[4]) && float.IsNaN(percept.Normals[5]));
        Assert.False(float.IsNaN(percept.Normals[6]));
    }

    [Fact]
    public void Decode_InstancesAndMask_FillLabels()
    {
        using PerceptionFrame frame = Frame();
        var decoder = new PerceptDecoder();
        Percept instances = frame.Add(Instruction.Instances("cup", new Rgb24(10, 10, 10)));
        instances.Painting.Fill(new Rgb24(200, 0, 0));
        Percept mask = frame.Add(Instruction.Refer("red cup", new Rgb24(255, 255, 255)));
        mask.Painting.Fill(new Rgb24(255, 255, 255));

        decoder.Decode(frame, instances);
        decoder.Decode(frame, mask);

        Assert.All(instances.Labels.ToArray(), l => Assert.Equal(1, l));
        Assert.All(mask.Labels.ToArray(), l => Assert.Equal(1, l));
    }

    [Fact]
    public void Decode_AllPixelsWithoutSource_AreInvalid()
    {
        using PerceptionFrame frame = Frame();
        frame.HasSource.Clear();
        Percept percept = frame.Add(Instruction.MetricDepth());
        percept.Painting.Clear();

        new PerceptDecoder().Decode(frame, percept);

        Assert.All(percept.Depth.ToArray(), d => Assert.True(float.IsNaN(d)));
        Assert.All(percept.Confidence.ToArray(), c => Assert.Equal(0f, c));
    }

    [Fact]
    public void Decode_WhenWarm_AllocatesNothing()
    {
        using PerceptionFrame frame = Frame(hole: 3);
        var decoder = new PerceptDecoder();
        Percept[] percepts =
        [
            frame.Add(Instruction.MetricDepth()),
            frame.Add(Instruction.Semantic(Palette)),
            frame.Add(Instruction.SurfaceNormals()),
            frame.Add(Instruction.Instances("cup", new Rgb24(10, 10, 10))),
            frame.Add(Instruction.Refer("cup", new Rgb24(255, 255, 255))),
        ];
        DecodeAll();

        Assert.Equal(0, Allocation.Of(DecodeAll));

        void DecodeAll()
        {
            for (int i = 0; i < percepts.Length; i++)
            {
                decoder.Decode(frame, percepts[i]);
            }
        }
    }

    private static PerceptionFrame Frame(int? hole = null)
    {
        Assert.True(PerceptionFrame.CreatePool(1, 20, 10).TryRent(out PerceptionFrame? frame));
        frame.HasSource.Fill(true);
        if (hole is { } pixel)
        {
            frame.HasSource[pixel] = false;
        }

        return frame;
    }
}
