using System.Collections.Immutable;

namespace VisionBanana.Edge.Navigation;

/// <summary>The outline of a zone on the floor, in metres of the robot's frame: x forward, y left.</summary>
public abstract record ZoneShape
{
    private protected ZoneShape()
    {
    }

    /// <summary>The least x.</summary>
    internal abstract float MinX { get; }

    /// <summary>The least y.</summary>
    internal abstract float MinY { get; }

    /// <summary>The greatest x.</summary>
    internal abstract float MaxX { get; }

    /// <summary>The greatest y.</summary>
    internal abstract float MaxY { get; }

    /// <summary>How far outside a place is; 0 = inside or on the border.</summary>
    internal abstract float OutsideM(float x, float y);

    /// <summary>What is wrong with the outline, one sentence each.</summary>
    internal abstract IEnumerable<string> Problems();

    /// <summary>The distance of a place from the line between two others.</summary>
    private protected static float ToLine(float x, float y, float ax, float ay, float bx, float by)
    {
        float dx = bx - ax, dy = by - ay, length = (dx * dx) + (dy * dy);
        float t = length > 0 ? Math.Clamp((((x - ax) * dx) + ((y - ay) * dy)) / length, 0, 1) : 0;
        return MathF.Sqrt(Square(x - ax - (t * dx)) + Square(y - ay - (t * dy)));
    }

    private protected static float Square(float value) => value * value;
}

/// <summary>A polygon, given by three corners or more in order; it may be concave but must not cross itself.</summary>
/// <param name="Corners">x and y of each.</param>
public sealed record PolygonZone(ImmutableArray<(float X, float Y)> Corners) : ZoneShape
{
    private const int MostCorners = 64;

    /// <inheritdoc/>
    internal override float MinX => Corners.Min(c => c.X);

    /// <inheritdoc/>
    internal override float MinY => Corners.Min(c => c.Y);

    /// <inheritdoc/>
    internal override float MaxX => Corners.Max(c => c.X);

    /// <inheritdoc/>
    internal override float MaxY => Corners.Max(c => c.Y);

    /// <summary>A rectangle along the axes.</summary>
    public static PolygonZone Box(float minX, float maxX, float minY, float maxY) => new([(minX, minY), (maxX, minY), (maxX, maxY), (minX, maxY)]);

    /// <summary>Two polygons are equal when every corner is.</summary>
    public bool Equals(PolygonZone? other) => other is not null && Corners.SequenceEqual(other.Corners);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Corners.Length, Corners.FirstOrDefault());

    /// <inheritdoc/>
    internal override float OutsideM(float x, float y)
    {
        bool inside = false;
        float nearest = float.PositiveInfinity;
        (float px, float py) = Corners[^1];
        foreach ((float cx, float cy) in Corners)
        {
            inside ^= cy > y != py > y && x < ((px - cx) * (y - cy) / (py - cy)) + cx;
            nearest = Math.Min(nearest, ToLine(x, y, px, py, cx, cy));
            (px, py) = (cx, cy);
        }

        return inside ? 0 : nearest;
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> Problems()
    {
        if (Corners.IsDefault || Corners.Length is < 3 or > MostCorners)
        {
            yield return $"a polygon has 3 to {MostCorners} corners, found {(Corners.IsDefault ? 0 : Corners.Length)}";
        }
        else if (!Corners.All(c => Math.Abs(c.X) <= 1000 && Math.Abs(c.Y) <= 1000))
        {
            yield return "a corner is given as x and y in metres, at most 1000 from the robot";
        }
        else if (Area() < 1e-4)
        {
            yield return "the polygon has no area: its corners lie on a line";
        }
    }

    private double Area()
    {
        double twice = 0;
        (float px, float py) = Corners[^1];
        foreach ((float cx, float cy) in Corners)
        {
            twice += ((double)px * cy) - ((double)cx * py);
            (px, py) = (cx, cy);
        }

        return Math.Abs(twice) / 2;
    }
}

/// <summary>A sector about the origin: everything between two bearings up to a distance.</summary>
/// <param name="FromDegrees">The bearing at which it begins; positive to the left.</param>
/// <param name="ToDegrees">The bearing at which it ends, going left from the first; at most a full turn on.</param>
/// <param name="RangeM">Its radius.</param>
public sealed record SectorZone(float FromDegrees, float ToDegrees, float RangeM) : ZoneShape
{
    /// <inheritdoc/>
    internal override float MinX => -RangeM;

    /// <inheritdoc/>
    internal override float MinY => -RangeM;

    /// <inheritdoc/>
    internal override float MaxX => RangeM;

    /// <inheritdoc/>
    internal override float MaxY => RangeM;

    /// <inheritdoc/>
    internal override float OutsideM(float x, float y)
    {
        float from = float.DegreesToRadians(FromDegrees), width = float.DegreesToRadians(ToDegrees - FromDegrees);
        float into = MathF.Atan2(y, x) - from;
        into -= MathF.Tau * MathF.Floor(into / MathF.Tau);
        return into <= width
            ? Math.Max(0, MathF.Sqrt((x * x) + (y * y)) - RangeM)
            : Math.Min(
                ToLine(x, y, 0, 0, RangeM * MathF.Cos(from), RangeM * MathF.Sin(from)),
                ToLine(x, y, 0, 0, RangeM * MathF.Cos(from + width), RangeM * MathF.Sin(from + width)));
    }

    /// <inheritdoc/>
    internal override IEnumerable<string> Problems()
    {
        if (!(ToDegrees > FromDegrees && ToDegrees - FromDegrees <= 360 && Math.Abs(FromDegrees) <= 360))
        {
            yield return FormattableString.Invariant($"a sector goes left from one bearing to a larger one, found {FromDegrees}° to {ToDegrees}°");
        }

        if (!(RangeM is > 0 and <= 1000))
        {
            yield return FormattableString.Invariant($"the range of a sector is above 0 and at most 1000 m, found {RangeM}");
        }
    }
}
