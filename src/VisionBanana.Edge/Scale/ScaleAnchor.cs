namespace VisionBanana.Edge.Scale;

/// <summary>
/// One metric fact that the painted depth is held against, picture by picture. An anchor belongs to one camera: it may keep scratch memory, and
/// allocates nothing once warm.
/// </summary>
public abstract class ScaleAnchor
{
    /// <summary>Names it.</summary>
    /// <param name="name">Name in reports, e.g. <c>range</c>.</param>
    private protected ScaleAnchor(string name) => Name = name;

    /// <summary>Name in reports, e.g. <c>range</c>.</summary>
    public string Name { get; }

    /// <summary>How often it counted, and why it did not.</summary>
    public AnchorCounts Counts { get; } = new();

    /// <summary>
    /// True for a sensor's reading, which may say that the painter is far off; false for a fact about something that has to be recognised first,
    /// such as a floor that may be a table.
    /// </summary>
    internal virtual bool IsDirect => false;

    /// <summary>Holds the painted depth against the fact.</summary>
    /// <param name="view">The picture as it was painted, before any correction.</param>
    internal abstract AnchorMeasure Measure(in ScaleView view);

    /// <summary>What can be checked before the first picture, e.g. a beam that the camera does not see; null = nothing is wrong.</summary>
    /// <param name="camera">The pinhole that is painted.</param>
    public virtual string? WhyNot(Calibration.CameraIntrinsics camera) => null;
}
