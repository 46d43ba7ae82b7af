namespace VisionBanana.Edge.Navigation;

/// <summary>Where it is taken from which way is up and how far below the camera the floor lies.</summary>
public enum FloorSource
{
    /// <summary>The mount where it is known, otherwise <see cref="Fit"/>.</summary>
    Auto,

    /// <summary>The mount of the camera; without one nothing is computed.</summary>
    Mount,

    /// <summary>A plane fitted to the depth, near the mount's where one is known; while none is found as <see cref="Rows"/>.</summary>
    Fit,

    /// <summary>Nothing is known of the floor: the camera counts as level, and obstacles are what is seen between two rows of the picture.</summary>
    Rows,
}
