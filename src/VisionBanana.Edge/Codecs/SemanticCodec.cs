using System.Numerics;
using System.Runtime.CompilerServices;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Codecs;

/// <summary>
/// Classes ⇄ RGB for one palette: a pixel belongs to the class whose colour is nearest in RGB; of two equally near, to the one that stands first.
/// A palette without a background has one colour more, <see cref="LabelPalette.RemainderColour"/>, which stands for <see cref="LabelPlane.Unknown"/>.
/// <para>
/// Confidence is the margin between the nearest and the second nearest colour, <c>(D₂ − D₁)/(D₂ + D₁)</c> with squared distances:
/// 1 on a class colour, 0 half-way between two. If background is the only class it is 1.
/// </para>
/// Built once per palette; encoding and decoding allocate nothing, and all sums are of whole numbers, hence exact.
/// </summary>
public sealed class SemanticCodec
{
    // |p − c|² − |p|² = |c|² − 2 c·p: three multiply-adds per class, all whole numbers below 2²⁴.
    private readonly float[] _terms;
    private readonly LabelColour[] _colours;
    private readonly Rgb24[] _colourOfId;

    /// <summary>Prepares a palette.</summary>
    /// <exception cref="ArgumentException">The palette is empty, or an id is outside 0–65534 or used twice.</exception>
    public SemanticCodec(LabelPalette palette)
    {
        ArgumentNullException.ThrowIfNull(palette);
        if (palette.Count == 0)
        {
            throw new ArgumentException("Expected a palette with at least one class, found none.", nameof(palette));
        }

        Palette = palette;
        CheckIds(palette);
        _colours = palette.Background >= 0 ? [.. palette] : [.. palette, new LabelColour(LabelPlane.Unknown, "", palette.RemainderColour)];
        _terms = new float[_colours.Length * 5];
        for (int i = 0; i < _colours.Length; i++)
        {
            (int id, _, Rgb24 c) = _colours[i];
            ((ReadOnlySpan<float>)[-2f * c.R, -2f * c.G, -2f * c.B, Rgb24.SquaredDistance(c, default), id]).CopyTo(_terms.AsSpan(i * 5));
        }

        _colourOfId = new Rgb24[palette.Max(e => e.Id) + 1];
        _colourOfId.AsSpan().Fill(palette.RemainderColour);
        foreach (LabelColour entry in palette)
        {
            _colourOfId[entry.Id] = entry.Colour;
        }
    }

    /// <summary>The palette.</summary>
    public LabelPalette Palette { get; }

    /// <summary>Paints labels; ids that the palette does not hold become <see cref="LabelPalette.RemainderColour"/>.</summary>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public void Encode(ReadOnlySpan<ushort> labels, Span<Rgb24> painting)
    {
        PlaneLengths.Require(labels.Length, painting.Length, nameof(painting));
        for (int i = 0; i < labels.Length; i++)
        {
            int id = labels[i];
            painting[i] = id < _colourOfId.Length ? _colourOfId[id] : Palette.RemainderColour;
        }
    }

    /// <summary>Reads labels.</summary>
    /// <param name="painting">The painting, at the size it was painted.</param>
    /// <param name="labels">Receives <see cref="LabelColour.Id"/> of the nearest colour, <see cref="LabelPlane.Unknown"/> for the remainder of a palette
    /// without background.</param>
    /// <param name="confidence">Receives the margin, 0–1; may be empty when not wanted.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    [SkipLocalsInit]
    public void Decode(ReadOnlySpan<Rgb24> painting, Span<ushort> labels, Span<float> confidence)
    {
        PlaneLengths.Require(painting.Length, labels.Length, nameof(labels));
        PlaneLengths.RequireOrEmpty(painting.Length, confidence.Length, nameof(confidence));
        Span<Rgb24> lastColours = stackalloc Rgb24[RgbBlock.Pixels];
        Span<byte> planes = stackalloc byte[RgbBlock.PlaneBytes];
        Span<float> rgb = stackalloc float[RgbBlock.PlaneBytes];
        Span<ushort> blockLabels = stackalloc ushort[RgbBlock.Pixels];
        Span<float> blockConfidence = stackalloc float[RgbBlock.Pixels];
        for (int i = 0; i < painting.Length; i += RgbBlock.Pixels)
        {
            int count = Math.Min(RgbBlock.Pixels, painting.Length - i);
            scoped ReadOnlySpan<Rgb24> block = painting.Slice(i, count);
            if (count < RgbBlock.Pixels)
            {
                lastColours.Clear();
                block.CopyTo(lastColours);
                block = lastColours;
            }

            RgbBlock.Split(in block[0], ref planes[0]);
            PlaneLanes.ToSingle(in planes[0], RgbBlock.PlaneBytes, ref rgb[0]);
            DecodeBlock(in rgb[0], ref blockLabels[0], ref blockConfidence[0]);
            blockLabels[..count].CopyTo(labels[i..]);
            if (!confidence.IsEmpty)
            {
                blockConfidence[..count].CopyTo(confidence[i..]);
            }
        }
    }

    /// <summary>The label of one colour and its margin; what the vector path is tested against.</summary>
    public ushort Decode(Rgb24 colour, out float confidence)
    {
        int nearest = int.MaxValue, second = int.MaxValue, label = 0;
        foreach (LabelColour entry in _colours)
        {
            int squared = Rgb24.SquaredDistance(colour, entry.Colour);
            if (squared < nearest)
            {
                (second, nearest, label) = (nearest, squared, entry.Id);
            }
            else if (squared < second)
            {
                second = squared;
            }
        }

        confidence = _colours.Length == 1 ? 1 : ((float)second - nearest) / ((float)second + nearest);
        return (ushort)label;
    }

    private static void CheckIds(LabelPalette palette)
    {
        var seen = new HashSet<int>();
        foreach (LabelColour entry in palette)
        {
            if (entry.Id is < 0 or >= LabelPlane.Unknown || !seen.Add(entry.Id))
            {
                throw new ArgumentException(
                    $"Expected ids from 0 to {LabelPlane.Unknown - 1}, each used once; class '{entry.Name}' has id {entry.Id}.", nameof(palette));
            }
        }
    }

    private void DecodeBlock(ref readonly float rgb, ref ushort labels, ref float confidence)
    {
        int lanes = Vector<float>.Count;
        for (int i = 0; i < RgbBlock.Pixels; i += 2 * lanes)
        {
            Nearest(in rgb, (nuint)i, out Vector<float> id0, out Vector<float> margin0);
            Nearest(in rgb, (nuint)(i + lanes), out Vector<float> id1, out Vector<float> margin1);
            Vector<uint> wide0 = Vector.AsVectorUInt32(Vector.ConvertToInt32(id0)), wide1 = Vector.AsVectorUInt32(Vector.ConvertToInt32(id1));
            Vector.Narrow(wide0, wide1).StoreUnsafe(ref labels, (nuint)i);
            margin0.StoreUnsafe(ref confidence, (nuint)i);
            margin1.StoreUnsafe(ref confidence, (nuint)(i + lanes));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Nearest(ref readonly float rgb, nuint i, out Vector<float> id, out Vector<float> margin)
    {
        Vector<float> r = Vector.LoadUnsafe(in rgb, i);
        Vector<float> g = Vector.LoadUnsafe(in rgb, i + RgbBlock.Pixels);
        Vector<float> b = Vector.LoadUnsafe(in rgb, i + (2 * RgbBlock.Pixels));
        var nearest = new Vector<float>(float.MaxValue);
        Vector<float> second = nearest;
        id = Vector<float>.Zero;
        ReadOnlySpan<float> terms = _terms;
        for (int k = 0; k <= terms.Length - 5; k += 5)
        {
            Vector<float> d = Vector.MultiplyAddEstimate(r, new Vector<float>(terms[k]), new Vector<float>(terms[k + 3]));
            d = Vector.MultiplyAddEstimate(g, new Vector<float>(terms[k + 1]), d);
            d = Vector.MultiplyAddEstimate(b, new Vector<float>(terms[k + 2]), d);
            id = Vector.ConditionalSelect(Vector.LessThan(d, nearest), new Vector<float>(terms[k + 4]), id);
            second = Vector.MinNative(second, Vector.MaxNative(nearest, d));
            nearest = Vector.MinNative(nearest, d);
        }

        // With one class the second stays at the largest float and the quotient is 1.
        Vector<float> square = (r * r) + (g * g) + (b * b);
        nearest += square;
        second += square;
        margin = (second - nearest) / (second + nearest);
    }
}
