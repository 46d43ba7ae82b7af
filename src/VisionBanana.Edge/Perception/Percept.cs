using System.Runtime.InteropServices;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// The answer to one instruction: the painting and what it decodes to. Lives under the lease of its <see cref="PerceptionFrame"/>.
/// Planes are Height × Width, rows from the top; those that do not belong to the kind are empty.
/// </summary>
public sealed class Percept
{
    private readonly Lease _owner;
    private readonly int _pixels;
    private readonly byte[] _painting;
    private readonly float[] _confidence;
    private readonly float[] _depth;
    private readonly float[] _normals;
    private readonly ushort[] _labels;

    internal Percept(Lease owner, PerceptKind kind, int width, int height)
    {
        _owner = owner;
        Kind = kind;
        _pixels = width * height;
        _painting = GC.AllocateUninitializedArray<byte>(_pixels * 3, pinned: true);
        _confidence = GC.AllocateUninitializedArray<float>(_pixels, pinned: true);
        Plane = PerceptCodecs.PlaneOf(kind);
        _depth = Plane == PerceptPlane.Depth ? GC.AllocateUninitializedArray<float>(_pixels, pinned: true) : [];
        _normals = Plane == PerceptPlane.Normals ? GC.AllocateUninitializedArray<float>(_pixels * 3, pinned: true) : [];
        _labels = Plane == PerceptPlane.Labels ? GC.AllocateUninitializedArray<ushort>(_pixels, pinned: true) : [];
    }

    /// <summary>What this percept is.</summary>
    public PerceptKind Kind { get; }

    /// <summary>Which of the planes <see cref="Depth"/>, <see cref="Normals"/> and <see cref="Labels"/> it has; the others are empty.</summary>
    public PerceptPlane Plane { get; }

    /// <summary>The instruction it answers.</summary>
    public Instruction Instruction { get; internal set; } = Instruction.MetricDepth();

    /// <summary>The painting as the model painted it: interleaved RGB, one byte per channel.</summary>
    public Span<Rgb24> Painting => MemoryMarshal.Cast<byte, Rgb24>(PaintingBytes);

    /// <summary>The painting as bytes, for encoders.</summary>
    public Span<byte> PaintingBytes => Held(_painting);

    /// <summary>How far to trust each pixel, 0–1; 0 where there is no source.</summary>
    public Span<float> Confidence => Held(_confidence);

    /// <summary>True when the painter filled <see cref="Confidence"/> itself; otherwise the codec derives it from the painting.</summary>
    public bool PainterGaveConfidence { get; set; }

    /// <summary>True when the painter's answer was not a painting but the decoded plane itself (plain-tensor models).</summary>
    public bool PainterGaveValues { get; set; }

    /// <summary>Depth in metres along z; NaN = no measurement, +∞ = too far, −∞ = too close (REP-117).</summary>
    public Span<float> Depth => Held(_depth);

    /// <summary>Normals as x, y, z per pixel in the optical frame (x right, y down, z forward), facing the camera; NaN = none.</summary>
    public Span<float> Normals => Held(_normals);

    /// <summary>Class ids, instance ids (0 = background) or mask (0/1); <see cref="LabelPlane.Unknown"/> = undecided.</summary>
    public Span<ushort> Labels => Held(_labels);

    /// <summary>The plane that percepts of a kind have.</summary>
    public static PerceptPlane PlaneOf(PerceptKind kind) => PerceptCodecs.PlaneOf(kind);

    internal void Reset()
    {
        PainterGaveConfidence = false;
        PainterGaveValues = false;
    }

    private T[] Held<T>(T[] plane)
    {
        _owner.Use();
        return plane;
    }
}
