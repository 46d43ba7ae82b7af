namespace VisionBanana.Edge.Perception;

/// <summary>In which picture percepts are given.</summary>
public enum OutputSize
{
    /// <summary>The rectified pinhole picture that was painted.</summary>
    Painter,

    /// <summary>The source picture, pixel for pixel, lens distortion included.</summary>
    Source,
}
