namespace VisionBanana.Edge.Perception;

/// <summary>How a camera's picture comes to the size of a painter that takes any view: what it was trained with.</summary>
public enum PictureFit
{
    /// <summary>The full width of the camera's view, square pixels: what is too flat gets bars above and below, what is too high is cut there.</summary>
    Width,

    /// <summary>The whole picture, square pixels, bars where the shapes differ.</summary>
    Letterbox,

    /// <summary>No bars, square pixels: what does not fit is cut off evenly on both sides.</summary>
    Cover,

    /// <summary>The whole picture, no bars: pixels are no longer square where the shapes differ, and the focal lengths say so.</summary>
    Stretch,
}
