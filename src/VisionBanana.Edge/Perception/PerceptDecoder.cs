using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// Turns what a painter answered into planes, for any instruction.
/// <list type="bullet">
/// <item>A painting is decoded into the plane of its kind. Confidence comes from the codec unless the painter gave it.</item>
/// <item>Where the painter gave values (<see cref="Percept.PainterGaveValues"/>) the painting is made from them instead; without a confidence
/// of the painter's own it is 1 where there is a value and 0 elsewhere.</item>
/// <item>Pixels without a source become invalid: depth and normals NaN, labels <see cref="LabelPlane.Unknown"/>, confidence 0. The painting stays as it is.</item>
/// </list>
/// Owns the scratch of its codecs and remembers the palettes and colours it met: nothing is allocated while instructions repeat. Not thread-safe: one per pipeline.
/// </summary>
public sealed class PerceptDecoder
{
    // Instructions that alternate must not rebuild their tables every frame.
    private const int MaxRemembered = 16;

    private readonly InstanceCodec _instances = new();
    private readonly Dictionary<LabelPalette, SemanticCodec> _semantic = [];
    private readonly Dictionary<Rgb24, ReferringCodec> _referring = [];

    /// <summary>Decodes (or, for values, paints) one percept of a frame, in place.</summary>
    /// <exception cref="ArgumentException">The percept's palette or colour cannot be decoded; the message says why.</exception>
    public void Decode(PerceptionFrame frame, Percept percept)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(percept);
        PlaneLengths.Require(frame.Width * frame.Height, percept.Painting.Length, nameof(percept));
        if (percept.PainterGaveValues)
        {
            Paint(percept);
        }
        else
        {
            Read(frame, percept);
        }

        Invalidate(frame.HasSource, percept);
    }

    private void Read(PerceptionFrame frame, Percept percept)
    {
        Span<float> confidence = percept.PainterGaveConfidence ? [] : percept.Confidence;
        switch (percept.Instruction)
        {
            case DepthInstruction:
                DepthCodec.Decode(percept.Painting, percept.Depth, confidence);
                break;
            case NormalsInstruction:
                NormalCodec.Decode(percept.Painting, percept.Normals, confidence);
                break;
            case SemanticInstruction semantic:
                For(semantic.Palette).Decode(percept.Painting, percept.Labels, confidence);
                break;
            case InstancesInstruction instances:
                _instances.Decode(percept.Painting, frame.Width, frame.Height, instances.Background, percept.Labels, confidence);
                break;
            case ReferringInstruction referring:
                For(referring.Colour).Decode(percept.Painting, percept.Labels, confidence);
                break;
            default:
                throw Unknown(percept);
        }
    }

    private void Paint(Percept percept)
    {
        switch (percept.Instruction)
        {
            case DepthInstruction:
                DepthCodec.Encode(percept.Depth, percept.Painting);
                break;
            case NormalsInstruction:
                NormalCodec.Encode(percept.Normals, percept.Painting);
                break;
            case SemanticInstruction semantic:
                For(semantic.Palette).Encode(percept.Labels, percept.Painting);
                break;
            case InstancesInstruction instances:
                InstanceCodec.Encode(percept.Labels, instances.Background, percept.Painting);
                break;
            case ReferringInstruction referring:
                For(referring.Colour).Encode(percept.Labels, percept.Painting);
                break;
            default:
                throw Unknown(percept);
        }

        if (!percept.PainterGaveConfidence)
        {
            ConfidenceOfValues(percept);
        }
    }

    private static void ConfidenceOfValues(Percept percept)
    {
        Span<float> confidence = percept.Confidence;
        ReadOnlySpan<float> depth = percept.Depth, normals = percept.Normals;
        ReadOnlySpan<ushort> labels = percept.Labels;
        for (int i = 0; i < confidence.Length; i++)
        {
            bool known = percept.Kind switch
            {
                PerceptKind.Depth => !float.IsNaN(depth[i]),
                PerceptKind.Normals => !float.IsNaN(normals[i * 3]),
                _ => labels[i] != LabelPlane.Unknown,
            };
            confidence[i] = known ? 1 : 0;
        }
    }

    private static void Invalidate(ReadOnlySpan<bool> hasSource, Percept percept)
    {
        // Runs of missing pixels, found at the speed of a memory search; a picture without any costs one pass over the flags.
        for (int start = hasSource.IndexOf(false); start >= 0;)
        {
            int length = hasSource[start..].IndexOf(true);
            length = length < 0 ? hasSource.Length - start : length;
            percept.Confidence.Slice(start, length).Clear();
            if (!percept.Depth.IsEmpty)
            {
                percept.Depth.Slice(start, length).Fill(float.NaN);
            }

            if (!percept.Normals.IsEmpty)
            {
                percept.Normals.Slice(start * 3, length * 3).Fill(float.NaN);
            }

            if (!percept.Labels.IsEmpty)
            {
                percept.Labels.Slice(start, length).Fill(LabelPlane.Unknown);
            }

            int next = hasSource[(start + length)..].IndexOf(false);
            start = next < 0 ? -1 : start + length + next;
        }
    }

    private SemanticCodec For(LabelPalette palette) =>
        _semantic.TryGetValue(palette, out SemanticCodec? codec) ? codec : Remember(_semantic, palette, new SemanticCodec(palette));

    private ReferringCodec For(Rgb24 colour) =>
        _referring.TryGetValue(colour, out ReferringCodec? codec) ? codec : Remember(_referring, colour, new ReferringCodec(colour));

    private static TCodec Remember<TKey, TCodec>(Dictionary<TKey, TCodec> codecs, TKey key, TCodec codec)
        where TKey : notnull
    {
        if (codecs.Count == MaxRemembered)
        {
            codecs.Clear();
        }

        codecs.Add(key, codec);
        return codec;
    }

    private static NotSupportedException Unknown(Percept percept) =>
        new($"Expected one of the instructions of this SDK, found {percept.Instruction.GetType().Name}.");
}
