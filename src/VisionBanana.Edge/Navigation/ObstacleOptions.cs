using System.Collections.Immutable;
using static System.FormattableString;

namespace VisionBanana.Edge.Navigation;

/// <summary>What counts as an obstacle, and the scan that is made of obstacles.</summary>
public sealed record ObstacleOptions
{
    internal const int MostPoints = 16;

    /// <summary>Where the floor is taken from.</summary>
    public FloorSource Floor { get; init; }

    /// <summary>Metres above the floor; what is lower is floor, or low enough to be driven over.</summary>
    public double MinHeightM { get; init; } = 0.1;

    /// <summary>Metres above the floor; what is higher is passed below.</summary>
    public double MaxHeightM { get; init; } = 2;

    /// <summary>The first row that counts while the floor is not known, as a part of the picture's height from the top, 0–1.</summary>
    public double TopRow { get; init; } = 0.35;

    /// <summary>The last row that counts while the floor is not known, as a part of the picture's height from the top, 0–1.</summary>
    public double BottomRow { get; init; } = 0.55;

    /// <summary>Horizontal distance in metres below which things are too close: the range is −∞ then.</summary>
    public double MinRangeM { get; init; } = 0.1;

    /// <summary>Horizontal distance in metres up to which obstacles are looked for.</summary>
    public double MaxRangeM { get; init; } = 10;

    /// <summary>Degrees between the ranges of the scan; never finer than the camera's pixels.</summary>
    public double IncrementDegrees { get; init; } = 0.5;

    /// <summary>Pixels whose depth is less sure are not known, 0–1.</summary>
    public double MinConfidence { get; init; } = 0.2;

    /// <summary>
    /// How many pixels of a direction and its two neighbours must agree, within 5 % or 5 cm, before something is there: a point that flies alone is no
    /// obstacle; the direction behind it is not known. 1 = every pixel counts.
    /// </summary>
    public int MinPoints { get; init; } = 2;

    /// <summary>Classes that are no obstacles where labels are asked.</summary>
    public ImmutableArray<string> Ignore { get; init; } = ["floor", "ceiling"];

    /// <summary>
    /// Metres below the floor from which on a surface is a hole, such as stairs that lead down: an obstacle where its ray meets the floor. Null = holes
    /// are not looked for.
    /// </summary>
    public double? MaxDropM { get; init; }

    /// <summary>What is wrong with these options, one sentence each; empty when they can be used.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(MinHeightM < MaxHeightM) || !double.IsFinite(MinHeightM + MaxHeightM))
        {
            yield return Invariant(
                $"min_height_m is {MinHeightM} and max_height_m is {MaxHeightM}: expected the first to be smaller, in metres above the floor.");
        }

        if (!(TopRow is >= 0 and <= 1 && BottomRow is >= 0 and <= 1 && TopRow < BottomRow))
        {
            yield return Invariant($"rows are {TopRow} to {BottomRow}: expected two parts of the picture's height from 0 (top) to 1 (bottom), rising.");
        }

        if (!(MinRangeM >= 0 && MinRangeM < MaxRangeM && MaxRangeM <= 1000))
        {
            yield return Invariant($"min_range_m is {MinRangeM} and max_range_m is {MaxRangeM}: expected 0 or more and less than the second, at most 1000 m.");
        }

        if (!(IncrementDegrees is >= 0.05 and <= 30))
        {
            yield return Invariant($"increment_deg is {IncrementDegrees}: expected 0.05 to 30 degrees.");
        }

        if (!(MinConfidence is >= 0 and <= 1))
        {
            yield return Invariant($"min_confidence is {MinConfidence}: expected 0 to 1.");
        }

        if (MinPoints is < 1 or > MostPoints)
        {
            yield return Invariant($"min_points is {MinPoints}: expected 1 to {MostPoints} pixels.");
        }

        if (MaxDropM is { } drop && !(drop > 0 && double.IsFinite(drop)))
        {
            yield return Invariant($"max_drop_m is {drop}: expected metres below the floor, above 0.");
        }
    }
}
