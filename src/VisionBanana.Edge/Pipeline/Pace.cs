namespace VisionBanana.Edge.Pipeline;

/// <summary>How fast a file plays.</summary>
public enum Pace
{
    /// <summary>At its frame rate, as a camera would have delivered it.</summary>
    FrameRate,

    /// <summary>As fast as the pipeline takes pictures.</summary>
    None,
}
