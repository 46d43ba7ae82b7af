namespace VisionBanana.Edge.Imaging;

/// <summary>How the bytes of a picture are laid out: rows from the top, pixels from the left, interleaved, one byte per channel, no padding.</summary>
public enum PixelFormat
{
    /// <summary>Red, green, blue.</summary>
    Rgb8,

    /// <summary>Blue, green, red: what OpenCV delivers.</summary>
    Bgr8,
}
