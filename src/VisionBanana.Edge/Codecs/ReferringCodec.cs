using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Codecs;

/// <summary>
/// Mask ⇄ RGB for one colour on black: 1 where the painting is nearer to the colour than to black, 0 elsewhere;
/// confidence is the margin of <see cref="SemanticCodec"/>. Built once per colour; encoding and decoding allocate nothing.
/// </summary>
public sealed class ReferringCodec
{
    private readonly SemanticCodec _classes;

    /// <summary>Prepares a colour.</summary>
    /// <exception cref="ArgumentException">The colour is black: it could not be told from the background.</exception>
    public ReferringCodec(Rgb24 colour)
    {
        if (colour == default)
        {
            throw new ArgumentException("Expected a colour other than black, which is the background of a referring painting.", nameof(colour));
        }

        Colour = colour;
        _classes = new SemanticCodec(new LabelPalette([new LabelColour(0, LabelPalette.BackgroundName, default), new LabelColour(1, "area", colour)]));
    }

    /// <summary>The colour of the area.</summary>
    public Rgb24 Colour { get; }

    /// <summary>Paints a mask; every label but 1 becomes black.</summary>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public void Encode(ReadOnlySpan<ushort> mask, Span<Rgb24> painting) => _classes.Encode(mask, painting);

    /// <summary>Reads a mask of 0 and 1; <paramref name="confidence"/> may be empty when not wanted.</summary>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public void Decode(ReadOnlySpan<Rgb24> painting, Span<ushort> mask, Span<float> confidence) => _classes.Decode(painting, mask, confidence);
}
