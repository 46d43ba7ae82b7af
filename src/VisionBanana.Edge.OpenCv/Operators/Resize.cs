using OpenCvSharp;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Operators;

/// <summary>The operator that resizes every picture.</summary>
public static class ResizeOperator
{
    /// <summary>Passes pictures of another size on, averaged over the area of each pixel, with the intrinsics that belong to them.</summary>
    /// <param name="pictures">Borrowed; all of one size.</param>
    /// <param name="width">Pixels per row of the results.</param>
    /// <param name="height">Rows of the results.</param>
    /// <param name="counter">Learns of pictures that were dropped because all results are held; null = nobody counts.</param>
    public static IObservable<CameraFrame> Resize(this IObservable<CameraFrame> pictures, int width, int height, IFlowCounter? counter = null)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        return new PictureTransform(
            pictures, width, height, counter, intrinsics => intrinsics.Resized(width, height),
            (from, to) => Cv2.Resize(from, to, new Size(width, height), 0, 0, InterpolationFlags.Area));
    }
}
