namespace VisionBanana.Edge.Geometry;

/// <summary>What a column of a point file is to us.</summary>
internal enum PointField
{
    X,
    Y,
    Z,
    Red,
    Green,
    Blue,
    PackedRgb,
    Confidence,
    Label,
    Other,
}
