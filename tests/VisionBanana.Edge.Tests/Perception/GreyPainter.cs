using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Tests.Perception;

/// <summary>For tests of what is around the painter: paints a depth of (10 + grey value)/100 metres. May be told to fail.</summary>
internal sealed class GreyPainter(int width = 16, int height = 12, double? fov = 60) : IPainter
{
    private readonly float[] _depth = new float[width * height];

    /// <summary>Says that it answers labels too; asked for, it fails.</summary>
    public bool TakesLabels { get; init; }

    public Func<long, bool> Fails { get; init; } = _ => false;

    public bool IsDisposed { get; private set; }

    public PainterDescription Description { get; } = new()
    {
        Name = "grey",
        Version = "1",
        Sha256 = "",
        Provider = "test",
        Width = width,
        Height = height,
        HorizontalFovDegrees = fov,
        Classes = new LabelPalette([]),
        Kinds = [PerceptKind.Depth],
    };

    public void Paint(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, CancellationToken cancellationToken = default)
    {
        if (Fails(frame.SequenceNumber))
        {
            throw new InferenceException("told to fail");
        }

        for (int i = 0; i < _depth.Length; i++)
        {
            _depth[i] = (10 + frame.Color[i].G) / 100f;
        }

        DepthCodec.Encode(_depth, frame.Add(instructions[0]).Painting);
    }

    public string? WhyNot(Instruction instruction) =>
        instruction.Kind == PerceptKind.Depth || (TakesLabels && instruction.Kind == PerceptKind.Labels) ? null : "it knows only depth";

    public void Dispose() => IsDisposed = true;
}
