using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace MyPerception;

/// <summary>Answers depth with the bare floor, from where the camera is. Put your model here.</summary>
internal sealed class Painter(SupportPlane floor) : IPainter
{
    /// <summary>What it is, what it answers, and the picture it wants.</summary>
    public PainterDescription Description { get; } = new()
    {
        Name = "my-painter",
        Version = "1",
        Sha256 = "",
        Provider = "cpu",
        Width = 192,
        Height = 144,
        HorizontalFovDegrees = 60,
        Classes = new LabelPalette([]),
        Kinds = [PerceptKind.Depth],
    };

    public string? WhyNot(Instruction instruction) => instruction.Kind == PerceptKind.Depth ? null : "it answers depth only";

    public void Paint(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, CancellationToken cancellationToken = default)
    {
        // frame.Color is the picture, 192×144, RGB. A generative model fills percept.Painting; one that has metres fills percept.Depth.
        Percept percept = frame.Add(instructions[0]);
        percept.PainterGaveValues = true;
        for (int pixel = 0; pixel < percept.Depth.Length; pixel++)
        {
            (double x, double y) = frame.Intrinsics!.Unproject(pixel % frame.Width, pixel / frame.Width);
            double inverse = floor.InverseDepthAt(x, y);
            percept.Depth[pixel] = inverse > 0 ? (float)(1 / inverse) : float.PositiveInfinity;
        }

        percept.Confidence.Fill(1);
    }

    public void Dispose()
    {
    }
}
