using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Tests.Perception;

/// <summary>The table of what answers decode to is whole: what was forgotten when a task was added is named here.</summary>
public sealed class PerceptCodecsTests
{
    private static readonly LabelPalette Classes = new([new LabelColour(1, "wall", new Rgb24(255, 0, 0))]);

    [Fact]
    public void Decode_EveryKind_FillsThePlaneOfItsKindAndNoOther()
    {
        var missing = new List<string>();
        foreach (PerceptKind kind in Enum.GetValues<PerceptKind>())
        {
            try
            {
                Decode(Instruction.Parse(InstructionForms.Of(kind).Example, Classes));
            }
            catch (NotSupportedException error)
            {
                missing.Add(error.Message);
            }
        }

        Assert.Empty(missing);
    }

    private static void Decode(Instruction instruction)
    {
        const int Width = 8, Height = 6, Pixels = Width * Height;
        Assert.True(PerceptionFrame.CreatePool(1, Width, Height).TryRent(out PerceptionFrame? frame));
        using (frame)
        {
            frame.HasSource.Fill(true);
            Percept percept = frame.Add(instruction);
            percept.Painting.Fill(new Rgb24(255, 0, 0));
            new PerceptDecoder().Decode(frame, percept);

            Assert.Equal(percept.Plane == PerceptPlane.Depth ? Pixels : 0, percept.Depth.Length);
            Assert.Equal(percept.Plane == PerceptPlane.Labels ? Pixels : 0, percept.Labels.Length);
            Assert.Equal(percept.Plane == PerceptPlane.Normals ? 3 * Pixels : 0, percept.Normals.Length);

            // Back again: the painting is made of the plane.
            percept.Painting.Fill(new Rgb24(1, 2, 3));
            percept.PainterGaveValues = true;
            new PerceptDecoder().Decode(frame, percept);
            Assert.DoesNotContain(new Rgb24(1, 2, 3), percept.Painting.ToArray());
        }
    }
}
