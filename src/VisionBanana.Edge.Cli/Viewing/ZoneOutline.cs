using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>The outline of a zone as a page draws it.</summary>
internal static class ZoneOutline
{
    private const int Steps = 24;

    /// <summary>The corners in order, x and y in metres of the robot's frame.</summary>
    public static IEnumerable<double[]> Of(ZoneShape shape) => shape switch
    {
        PolygonZone polygon => polygon.Corners.Select(c => new double[] { c.X, c.Y }),
        SectorZone sector => Arc(sector).Prepend([0, 0]),
        _ => [],
    };

    private static IEnumerable<double[]> Arc(SectorZone sector)
    {
        for (int i = 0; i <= Steps; i++)
        {
            (double y, double x) = Math.SinCos(double.DegreesToRadians(sector.FromDegrees + ((sector.ToDegrees - sector.FromDegrees) * i / Steps)));
            yield return [x * sector.RangeM, y * sector.RangeM];
        }
    }
}
