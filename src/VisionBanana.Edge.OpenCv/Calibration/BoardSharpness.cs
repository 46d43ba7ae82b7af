using OpenCvSharp;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>How sharp a picture is where the board is.</summary>
internal static class BoardSharpness
{
    /// <summary>The steepest edges (95th percentile of the gradient) per contrast, within the box around the points.</summary>
    public static double Of(Mat grey, IReadOnlyList<FoundPoint> points)
    {
        int left = Math.Max((int)points.Min(p => p.X), 0), right = Math.Min((int)points.Max(p => p.X) + 1, grey.Width);
        int top = Math.Max((int)points.Min(p => p.Y), 0), bottom = Math.Min((int)points.Max(p => p.Y) + 1, grey.Height);
        if (right - left < 8 || bottom - top < 8)
        {
            return 0;
        }

        using Mat board = new(grey, new Rect(left, top, right - left, bottom - top));
        using Mat x = new(), y = new(), length = new();
        Cv2.Sobel(board, x, MatType.CV_32F, 1, 0, 3, 1 / 8.0);
        Cv2.Sobel(board, y, MatType.CV_32F, 0, 1, 3, 1 / 8.0);
        Cv2.Magnitude(x, y, length);
        length.GetArray(out float[] gradients);
        board.Clone().GetArray(out byte[] values);
        Array.Sort(gradients);
        Array.Sort(values);
        double contrast = values[values.Length * 95 / 100] - values[values.Length * 5 / 100];
        return contrast < 1 ? 0 : gradients[gradients.Length * 95 / 100] / contrast;
    }
}
