using OpenCvSharp;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>
/// How sharp a camera's pictures are, whatever they show: an edge that is blurred once more loses the less of its steepness the more it was blurred
/// before. The sharpest fifth of all edges counts: shadows and what lies out of focus are soft in any picture.
/// </summary>
public sealed class FocusCheck
{
    private const double Reblur = 2, LeastBlurPx = 2.2, LeastShare = 0.0045;
    private const int FewestEdges = 300, MostPerPicture = 20_000;

    private readonly List<float> _blurs = [];
    private int _height;

    /// <summary>Pictures seen.</summary>
    public int Pictures { get; private set; }

    /// <summary>Pixels on edges that were looked at.</summary>
    public int Edges => _blurs.Count;

    /// <summary>
    /// The standard deviation of the blur of the sharpest fifth of edges, in pixels: 0 to 1.5 for a focused camera at rest, less
    /// where it sharpens its pictures itself. Null = too few edges.
    /// </summary>
    public double? BlurPx
    {
        get
        {
            if (_blurs.Count < FewestEdges)
            {
                return null;
            }

            float[] sorted = [.. _blurs];
            Array.Sort(sorted);
            return sorted[sorted.Length / 5];
        }
    }

    /// <summary>The largest blur that still passes: 0.45 % of the picture's height, and never less than 2.2 pixels.</summary>
    public double MostBlurPx => Math.Max(LeastBlurPx, LeastShare * _height);

    /// <summary>Whether pictures are as sharp as they should be; null = cannot be told.</summary>
    public bool? IsSharp => BlurPx is { } blur ? blur <= MostBlurPx : null;

    /// <summary>Looks at a picture of the camera.</summary>
    public void Add(CameraFrame picture)
    {
        using Mat grey = GreyPicture.Of(picture);
        Add(grey);
    }

    internal void Add(Mat grey)
    {
        (_height, Pictures) = (grey.Height, Pictures + 1);
        using Mat smooth = new(), again = new(), edges = new();

        // A little first: noise has no edges, but many steep places.
        Cv2.GaussianBlur(grey, smooth, new Size(0, 0), 1);
        Cv2.GaussianBlur(smooth, again, new Size(0, 0), Reblur);
        Cv2.Canny(smooth, edges, 40, 100, 3, true);
        float[] steep = Steepness(smooth), soft = Steepness(again);
        edges.GetArray(out byte[] isEdge);
        for (int i = 0, found = 0; i < isEdge.Length && found < MostPerPicture; i++)
        {
            if (isEdge[i] == 0)
            {
                continue;
            }

            found++;
            float ratio = steep[i] / Math.Max(soft[i], 1e-3f);
            if (ratio > 1.001f)
            {
                // σ² of the smoothed edge, less the smoothing.
                double variance = (Reblur * Reblur / ((ratio * ratio) - 1)) - 1;
                _blurs.Add((float)Math.Sqrt(Math.Max(variance, 0)));
            }
        }
    }

    private static float[] Steepness(Mat picture)
    {
        using Mat x = new(), y = new(), length = new();
        Cv2.Sobel(picture, x, MatType.CV_32F, 1, 0);
        Cv2.Sobel(picture, y, MatType.CV_32F, 0, 1);
        Cv2.Magnitude(x, y, length);
        length.GetArray(out float[] values);
        return values;
    }
}
