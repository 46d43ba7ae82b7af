using OpenCvSharp;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>Pictures as detectors of boards take them.</summary>
public static class GreyPicture
{
    /// <summary>Offers a picture file to the collector under its file name.</summary>
    /// <exception cref="CameraException">It is missing, no picture, or cut off.</exception>
    public static ViewVerdict Add(this ViewCollector collector, string path)
    {
        ArgumentNullException.ThrowIfNull(collector);
        using CameraFrame frame = PictureFile.Read(path);
        return collector.Add(Path.GetFileName(path), frame);
    }

    /// <summary>Offers a camera's picture to the collector.</summary>
    public static ViewVerdict Add(this ViewCollector collector, string name, CameraFrame frame)
    {
        ArgumentNullException.ThrowIfNull(collector);
        using Mat grey = Of(frame);
        return collector.Add(name, grey);
    }

    /// <summary>Looks for a board in one picture; empty when it is not there.</summary>
    /// <param name="target">The board.</param>
    /// <param name="path">The picture.</param>
    /// <param name="width">Its pixels per row.</param>
    /// <param name="height">Its rows.</param>
    /// <exception cref="CameraException">It is missing, no picture, or cut off.</exception>
    public static IReadOnlyList<FoundPoint> Find(CalibrationTarget target, string path, out int width, out int height)
    {
        ArgumentNullException.ThrowIfNull(target);
        using CameraFrame frame = PictureFile.Read(path);
        (width, height) = (frame.Width, frame.Height);
        using Mat grey = Of(frame);
        return target.TryFind(grey, out FoundPoint[] points) ? points : [];
    }

    internal static Mat Of(CameraFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        using var mats = new Sources.FrameMats();
        var grey = new Mat();
        Cv2.CvtColor(mats.Of(frame), grey, frame.Format == PixelFormat.Rgb8 ? ColorConversionCodes.RGB2GRAY : ColorConversionCodes.BGR2GRAY);
        return grey;
    }
}
