namespace VisionBanana.Edge.Perception;

/// <summary>The plane of numbers that a percept holds beside its painting and confidence; in the order in which people are shown them.</summary>
public enum PerceptPlane
{
    /// <summary><see cref="Percept.Depth"/>: a float per pixel.</summary>
    Depth,

    /// <summary><see cref="Percept.Labels"/>: an id per pixel.</summary>
    Labels,

    /// <summary><see cref="Percept.Normals"/>: three floats per pixel.</summary>
    Normals,
}
