using OpenCvSharp;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>Finds long smooth edges in a grey picture: chains of edge pixels, with the place of the edge between pixels and its width.</summary>
internal sealed class EdgeChains
{
    private const int LongestLook = 4;

    // The direction is that of the last pixels; a chain ends where it turns by more than about 25° within them.
    private const double LeastAgreement = 0.9;

    private readonly int _width, _height;
    private readonly short[] _gx, _gy;
    private readonly byte[] _edges;

    private EdgeChains(Mat grey)
    {
        (_width, _height) = (grey.Width, grey.Height);
        using Mat smooth = new(), gx = new(), gy = new(), edges = new();
        Cv2.GaussianBlur(grey, smooth, new Size(0, 0), 1);
        Cv2.Sobel(smooth, gx, MatType.CV_16S, 1, 0);
        Cv2.Sobel(smooth, gy, MatType.CV_16S, 0, 1);
        Cv2.Canny(gx, gy, edges, 60, 150, true);
        gx.GetArray(out _gx);
        gy.GetArray(out _gy);
        edges.GetArray(out _edges);
    }

    /// <summary>The chains of at least so many pixels.</summary>
    public static IReadOnlyList<EdgePoint[]> Find(Mat grey, int shortest)
    {
        var finder = new EdgeChains(grey);
        var chains = new List<EdgePoint[]>();
        for (int i = 0; i < finder._edges.Length; i++)
        {
            if (finder._edges[i] != 0)
            {
                List<int> ahead = finder.Follow(i, 1), behind = finder.Follow(i, -1);
                behind.Reverse();
                EdgePoint[] chain = [.. ((int[])[.. behind, i, .. ahead]).Where(finder.IsInside).Select(finder.Refine)];
                if (chain.Length >= shortest)
                {
                    chains.Add(chain);
                }
            }
        }

        return chains;
    }

    private bool IsInside(int i) => i % _width is var x && x > 1 && x < _width - 2 && i / _width is var y && y > 1 && y < _height - 2;

    /// <summary>Walks along an edge from a pixel, to one side of its gradient's right angle, and takes what it walks over.</summary>
    private List<int> Follow(int start, int sign)
    {
        _edges[start] = 0;
        var path = new List<int>();
        int at = start;
        double dx = -_gy[start] * sign, dy = _gx[start] * sign;
        while (true)
        {
            int next = Next(at, dx, dy);
            if (next < 0)
            {
                return path;
            }

            _edges[next] = 0;
            path.Add(next);
            int from = path.Count > LongestLook ? path[^(LongestLook + 1)] : start;
            (dx, dy) = ((next % _width) - (from % _width), (next / _width) - (from / _width));
            at = next;
        }
    }

    private int Next(int at, double dx, double dy)
    {
        int x = at % _width, y = at / _width, best = -1;
        double agreement = 0.5, length = Math.Sqrt((dx * dx) + (dy * dy));
        for (int side = 0; side < 9; side++)
        {
            int sx = (side % 3) - 1, sy = (side / 3) - 1, nx = x + sx, ny = y + sy;
            if ((sx == 0 && sy == 0) || nx < 0 || ny < 0 || nx >= _width || ny >= _height || _edges[(ny * _width) + nx] == 0)
            {
                continue;
            }

            int n = (ny * _width) + nx;
            double along = ((sx * dx) + (sy * dy)) / (Math.Sqrt((sx * sx) + (sy * sy)) * length);
            double same = ((_gx[n] * (double)_gx[at]) + (_gy[n] * (double)_gy[at]))
                / Math.Sqrt(((_gx[n] * (double)_gx[n]) + (_gy[n] * (double)_gy[n])) * ((_gx[at] * (double)_gx[at]) + (_gy[at] * (double)_gy[at])));
            if (along > agreement && same > LeastAgreement)
            {
                (best, agreement) = (n, along);
            }
        }

        return best;
    }

    /// <summary>The steepest place across the edge, by a parabola through three gradients.</summary>
    private EdgePoint Refine(int i)
    {
        double gx = _gx[i], gy = _gy[i], middle = Math.Sqrt((gx * gx) + (gy * gy));
        int step = Math.Abs(gx) >= Math.Abs(gy) ? Math.Sign(gx) : Math.Sign(gy) * _width;
        double before = Length(i - step), after = Length(i + step), bend = before - (2 * middle) + after;
        double shift = bend < 0 ? Math.Clamp(0.5 * (before - after) / bend, -0.5, 0.5) * Math.Sign(step) : 0;
        double x = i % _width, y = i / _width;
        return Math.Abs(gx) >= Math.Abs(gy) ? new EdgePoint(x + shift, y) : new EdgePoint(x, y + shift);
    }

    private double Length(int i) => Math.Sqrt(((double)_gx[i] * _gx[i]) + ((double)_gy[i] * _gy[i]));
}

/// <summary>A place on an edge, in pixels.</summary>
internal readonly record struct EdgePoint(double X, double Y);
