using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// Turns what a painter answered into planes, for any instruction.
/// <list type="bullet">
/// <item>A painting is decoded into the plane of its kind. Confidence comes from the codec unless the painter gave it.</item>
/// <item>Where the painter gave values (<see cref="Percept.PainterGaveValues"/>) the painting is made from them instead; without a confidence
/// of the painter's own it is 1 where there is a value and 0 elsewhere.</item>
/// <item>Pixels without a source become invalid: depth and normals NaN, labels <see cref="LabelPlane.Unknown"/>, confidence 0. The painting stays as it
/// is.</item>
/// </list>
/// Owns the scratch of its codecs and remembers the palettes and colours it met: nothing is allocated while instructions repeat. Not thread-safe: one per
/// pipeline.
/// </summary>
public sealed class PerceptDecoder
{
    private readonly PerceptCodecs _codecs = new();

    /// <summary>Decodes (or, for values, paints) one percept of a frame, in place.</summary>
    /// <exception cref="ArgumentException">The percept's palette or colour cannot be decoded; the message says why.</exception>
    public void Decode(PerceptionFrame frame, Percept percept)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(percept);
        PlaneLengths.Require(frame.Width * frame.Height, percept.Painting.Length, nameof(percept));
        PerceptCodec codec = _codecs.Of(percept.Kind);
        if (percept.PainterGaveValues)
        {
            codec.Encode(percept);
            if (!percept.PainterGaveConfidence)
            {
                ConfidenceOfValues(percept);
            }
        }
        else
        {
            codec.Decode(frame, percept, percept.PainterGaveConfidence ? [] : percept.Confidence);
        }

        Invalidate(frame.HasSource, percept);
    }

    private static void ConfidenceOfValues(Percept percept)
    {
        Span<float> confidence = percept.Confidence;
        ReadOnlySpan<float> depth = percept.Depth, normals = percept.Normals;
        ReadOnlySpan<ushort> labels = percept.Labels;
        for (int i = 0; i < confidence.Length; i++)
        {
            bool known = percept.Plane switch
            {
                PerceptPlane.Depth => !float.IsNaN(depth[i]),
                PerceptPlane.Normals => !float.IsNaN(normals[i * 3]),
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
}
