using System.Globalization;
using OpenCvSharp;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>
/// What somebody who moves a board wants to see: the camera's picture with the board's points as they were found now, the cells
/// in which points were seen so far, and how good the views are by now.
/// </summary>
public static class CoveragePicture
{
    private const int Quality = 80, LargestSide = 1280;

    /// <summary>Draws it as JPEG.</summary>
    /// <param name="frame">The picture that the collector saw last.</param>
    /// <param name="collector">The views so far.</param>
    public static byte[] Draw(CameraFrame frame, ViewCollector collector)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(collector);
        using var mats = new FrameMats();
        using Mat picture = new(), shaded = new();
        if (frame.Format == PixelFormat.Rgb8)
        {
            Cv2.CvtColor(mats.Of(frame), picture, ColorConversionCodes.RGB2BGR);
        }
        else
        {
            mats.Of(frame).CopyTo(picture);
        }

        Cells(picture, shaded, collector);
        int radius = Math.Max(picture.Width / 200, 2);
        foreach (FoundPoint p in collector.LastPoints)
        {
            Cv2.Circle(picture, new Point((int)p.X, (int)p.Y), radius, new Scalar(0, 220, 255), -1, LineTypes.AntiAlias);
        }

        (double coverage, double score) = (collector.Coverage * 100, collector.Score.Total * 100);
        Write(picture, string.Create(CultureInfo.InvariantCulture, $"{collector.Views.Count} views, coverage {coverage:0} %, score {score:0} / 100"), 1);
        Write(picture, collector.Score.Advice, 2);
        double scale = Math.Min(1, (double)LargestSide / Math.Max(picture.Width, picture.Height));
        Cv2.Resize(picture, shaded, new Size(Math.Max((int)(picture.Width * scale), 1), Math.Max((int)(picture.Height * scale), 1)), 0, 0,
            InterpolationFlags.Area);
        Cv2.ImEncode(".jpg", shaded, out byte[] jpeg, [new ImageEncodingParam(ImwriteFlags.JpegQuality, Quality)]);
        return jpeg;
    }

    private static void Write(Mat picture, string text, int line)
    {
        double size = picture.Width / 900.0;
        var place = new Point(10, (int)(32 * size * line) + 4);
        Cv2.PutText(picture, text, place, HersheyFonts.HersheySimplex, size, Scalar.All(0), (int)(5 * size) + 1, LineTypes.AntiAlias);
        Cv2.PutText(picture, text, place, HersheyFonts.HersheySimplex, size, Scalar.All(255), (int)(1.5 * size) + 1, LineTypes.AntiAlias);
    }

    /// <summary>Cells that were seen are green.</summary>
    private static void Cells(Mat picture, Mat shaded, ViewCollector collector)
    {
        picture.CopyTo(shaded);
        IReadOnlyList<bool> seen = collector.Cells;
        for (int i = 0; i < seen.Count; i++)
        {
            int column = i % ViewCollector.Columns, row = i / ViewCollector.Columns;
            int left = column * picture.Width / ViewCollector.Columns, top = row * picture.Height / ViewCollector.Rows;
            var cell = new Rect(
                left, top, ((column + 1) * picture.Width / ViewCollector.Columns) - left, ((row + 1) * picture.Height / ViewCollector.Rows) - top);
            if (seen[i])
            {
                Cv2.Rectangle(shaded, cell, new Scalar(60, 170, 60), -1);
            }

            Cv2.Rectangle(shaded, cell, new Scalar(120, 120, 120), 1);
        }

        Cv2.AddWeighted(picture, 0.7, shaded, 0.3, 0, picture);
    }
}
