using OpenCvSharp;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Operators;

/// <summary>The operator that cuts a rectangle out of every picture.</summary>
public static class CropOperator
{
    /// <summary>Passes the rectangle on, with the intrinsics that belong to it.</summary>
    /// <param name="pictures">Borrowed; all of one size.</param>
    /// <param name="left">First column kept.</param>
    /// <param name="top">First row kept.</param>
    /// <param name="width">Columns kept.</param>
    /// <param name="height">Rows kept.</param>
    /// <param name="counter">Learns of pictures that were dropped because all results are held; null = nobody counts.</param>
    /// <exception cref="ArgumentOutOfRangeException">Told through <c>OnError</c>: the rectangle does not lie inside the picture.</exception>
    public static IObservable<CameraFrame> Crop(
        this IObservable<CameraFrame> pictures, int left, int top, int width, int height, IFlowCounter? counter = null)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var window = new Rect(left, top, width, height);
        return new PictureTransform(
            pictures, width, height, counter, intrinsics => intrinsics.Cropped(left, top, width, height), (from, to) =>
            {
                using Mat part = from.SubMat(window);
                part.CopyTo(to);
            });
    }
}
