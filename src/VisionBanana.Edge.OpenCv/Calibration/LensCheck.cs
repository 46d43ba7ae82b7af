using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>
/// Compares long edges of live pictures with a calibration: most of them are straight in the world, so they must bend in the picture as the
/// calibration says. When focus or zoom has changed since, they bend more or less. What single curved things do cancels out; a lens that
/// hardly bends cannot be checked so.
/// </summary>
/// <param name="camera">The calibration.</param>
public sealed class LensCheck(CameraIntrinsics camera)
{
    // Of the picture's diagonal, and pixels that the middle of an edge must leave its chord by the calibration to say anything.
    private const double ShortestEdge = 0.12, LeastBow = 0.8, LargestBow = 0.08, Roughness = 0.6;
    private const int FewestEdges = 12, MostEdges = 5000;
    private const double Tolerance = 0.25, Deviations = 4;

    private readonly List<(double Expected, double Found)> _bows = [];

    /// <summary>Pictures seen.</summary>
    public int Pictures { get; private set; }

    /// <summary>Edges that say something.</summary>
    public int Edges => _bows.Count;

    /// <summary>
    /// How much edges bend against what the calibration says: 1 = as it says, 0 = not at all; null = too few edges, or a lens that hardly bends.
    /// </summary>
    public double? Bend => _bows.Count < FewestEdges ? null : Median(_bows.Select(b => (b.Found / b.Expected, Math.Abs(b.Expected))));

    /// <summary>How far off <see cref="Bend"/> may be by chance, one standard deviation; null as there.</summary>
    public double? Uncertainty => Bend is { } bend
        ? 1.48 * Median(_bows.Select(b => (Math.Abs((b.Found / b.Expected) - bend), Math.Abs(b.Expected)))) / Math.Sqrt(_bows.Count)
        : null;

    /// <summary>Whether the calibration still fits; null = cannot be told.</summary>
    public bool? Fits => Bend is { } bend ? Math.Abs(bend - 1) <= Math.Max(Tolerance, Deviations * Uncertainty!.Value) : null;

    /// <summary>Looks at a picture of the camera.</summary>
    public void Add(CameraFrame picture)
    {
        using Mat grey = GreyPicture.Of(picture);
        Add(grey);
    }

    internal void Add(Mat grey)
    {
        CameraIntrinsics here = camera.ScaledTo(grey.Width, grey.Height);
        Pictures++;
        double diagonal = Math.Sqrt(((double)grey.Width * grey.Width) + ((double)grey.Height * grey.Height));
        foreach (EdgePoint[] chain in EdgeChains.Find(grey, (int)(ShortestEdge * diagonal)))
        {
            if (_bows.Count < MostEdges && Bow(chain) is { } found && Expected(here, chain[0], chain[^1]) is { } expected
                && Math.Abs(expected) >= LeastBow && Math.Abs(found) < LargestBow * diagonal)
            {
                _bows.Add((expected, found));
            }
        }
    }

    /// <summary>How far the middle of a chain lies to the left of its chord, in pixels; null when it is no smooth arc.</summary>
    private static double? Bow(EdgePoint[] chain)
    {
        (double x0, double y0) = (chain[0].X, chain[0].Y);
        (double ux, double uy) = (chain[^1].X - x0, chain[^1].Y - y0);
        double length = Math.Sqrt((ux * ux) + (uy * uy));
        if (length < 0.9 * chain.Length * 0.7)
        {
            return null;
        }

        (ux, uy) = (ux / length, uy / length);

        // Least squares of v = a + b t + c (1 − t²) with t from −1 to 1 along the chord.
        double[] m = new double[9], r = new double[3];
        foreach (EdgePoint p in chain)
        {
            double t = (2 * (((p.X - x0) * ux) + ((p.Y - y0) * uy)) / length) - 1, v = ((p.Y - y0) * ux) - ((p.X - x0) * uy);
            double[] basis = [1, t, 1 - (t * t)];
            for (int i = 0; i < 3; i++)
            {
                r[i] += basis[i] * v;
                for (int j = 0; j < 3; j++)
                {
                    m[(3 * i) + j] += basis[i] * basis[j];
                }
            }
        }

        using Mat matrix = Mat.FromPixelData(3, 3, MatType.CV_64FC1, m), right = Mat.FromPixelData(3, 1, MatType.CV_64FC1, r), solution = new();
        if (!Cv2.Solve(matrix, right, solution, DecompTypes.Cholesky))
        {
            return null;
        }

        (double a, double b, double c) = (solution.At<double>(0), solution.At<double>(1), solution.At<double>(2));
        double sum = 0;
        foreach (EdgePoint p in chain)
        {
            double t = (2 * (((p.X - x0) * ux) + ((p.Y - y0) * uy)) / length) - 1, v = ((p.Y - y0) * ux) - ((p.X - x0) * uy);
            double error = v - a - (b * t) - (c * (1 - (t * t)));
            sum += error * error;
        }

        return Math.Sqrt(sum / chain.Length) < Roughness + (0.05 * Math.Abs(c)) ? c : null;
    }

    /// <summary>How far the image of a straight line leaves its chord, as <see cref="Bow"/>; null where the lens has no ray.</summary>
    private static double? Expected(CameraIntrinsics camera, EdgePoint from, EdgePoint to)
    {
        (double ax, double ay) = camera.Unproject(from.X, from.Y);
        (double bx, double by) = camera.Unproject(to.X, to.Y);
        double ux = to.X - from.X, uy = to.Y - from.Y, length = Math.Sqrt((ux * ux) + (uy * uy)), sum = 0, weight = 0;
        for (int i = 1; i < 16; i++)
        {
            double s = i / 16.0, t = (2 * s) - 1, arc = 1 - (t * t);
            (double x, double y) = camera.Project(ax + (s * (bx - ax)), ay + (s * (by - ay)));
            sum += arc * ((((y - from.Y) * ux) - ((x - from.X) * uy)) / length);
            weight += arc * arc;
        }

        return double.IsFinite(sum) ? sum / weight : null;
    }

    private static double Median(IEnumerable<(double Value, double Weight)> values)
    {
        (double Value, double Weight)[] sorted = [.. values.OrderBy(v => v.Value)];
        double half = sorted.Sum(v => v.Weight) / 2;
        foreach ((double value, double weight) in sorted)
        {
            half -= weight;
            if (half <= 0)
            {
                return value;
            }
        }

        return sorted[^1].Value;
    }
}
