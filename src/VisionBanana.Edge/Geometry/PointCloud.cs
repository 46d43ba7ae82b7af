using System.Collections.Immutable;

namespace VisionBanana.Edge.Geometry;

/// <summary>A cloud that was read from a file.</summary>
/// <param name="Width">Points per row; all of them when the cloud is not organised.</param>
/// <param name="Height">Rows; 1 when the cloud is not organised.</param>
/// <param name="Points">Width × Height points, rows from the top; NaN coordinates = no point.</param>
public sealed record PointCloud(int Width, int Height, ImmutableArray<CloudPoint> Points)
{
    /// <summary>True when every point has finite coordinates.</summary>
    public bool IsDense => Points.All(IsFinite);

    /// <summary>True when all three coordinates are numbers.</summary>
    public static bool IsFinite(CloudPoint point) => float.IsFinite(point.X) && float.IsFinite(point.Y) && float.IsFinite(point.Z);
}
