namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>How much of what a dataset knows about the camera's place the painter is told.</summary>
internal enum GeometryUse
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Which way is up.</summary>
    Up,

    /// <summary>Which way is up, and the height above the support plane.</summary>
    Plane,
}
