using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Geometry;

/// <summary>The first element of each plane of one row of a cloud.</summary>
internal readonly ref struct PointRow
{
    public PointRow(
        ref float depth, ref float confidence, ref Rgb24 colour, ref ushort labels, ref float slopeX, float slopeY, ref CloudPoint points)
    {
        Depth = ref depth;
        Confidence = ref confidence;
        Colour = ref colour;
        Labels = ref labels;
        SlopeX = ref slopeX;
        SlopeY = slopeY;
        Points = ref points;
    }

    public readonly ref float Depth;
    public readonly ref float Confidence;
    public readonly ref Rgb24 Colour;

    /// <summary>Null = no class was painted.</summary>
    public readonly ref ushort Labels;

    public readonly ref float SlopeX;
    public readonly float SlopeY;
    public readonly ref CloudPoint Points;
}
