using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Perception;

/// <summary>The table of what answers decode to: the codecs of one decoder.</summary>
internal sealed class PerceptCodecs
{
    private static readonly PerceptCodecs Shared = new();

    private readonly PerceptCodec?[] _byKind = new PerceptCodec?[Enum.GetValues<PerceptKind>().Length];

    public PerceptCodecs()
    {
        PerceptCodec[] all =
            [new DepthPerceptCodec(), new LabelsPerceptCodec(), new NormalsPerceptCodec(), new InstancesPerceptCodec(), new MaskPerceptCodec()];
        foreach (PerceptCodec codec in all)
        {
            _byKind[(int)codec.Kind] = codec;
        }
    }

    /// <summary>The plane of a kind of percept.</summary>
    public static PerceptPlane PlaneOf(PerceptKind kind) => Shared.Of(kind).Plane;

    /// <summary>What decodes a kind of percept.</summary>
    public PerceptCodec Of(PerceptKind kind) =>
        _byKind[(int)kind] ?? throw new NotSupportedException($"Nothing decodes {kind}: its codec is missing in PerceptCodecs.");
}
