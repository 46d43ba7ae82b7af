using OpenCvSharp;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>Looks for a board in pictures, one after another, and keeps the views that add something.</summary>
/// <param name="target">The board.</param>
/// <param name="leastMove">How far the board must have moved, as a part of the picture's diagonal, to be seen anew.</param>
public sealed class ViewCollector(CalibrationTarget target, double leastMove = 0.005)
{
    internal const int Columns = 8, Rows = 6;

    private const int Thirds = 3, GoodViews = 15, MostTilted = 4;
    private const double BlurredAgainstMedian = 0.35, GoodRange = 2;

    // A board tilted by 35° is seen 1 / cos 35° longer along its axis than across.
    private const double GoodForeshortening = 0.2;

    private static readonly string[] ColumnNames = ["left", "middle", "right"], RowNames = ["top", "centre", "bottom"];

    private readonly List<BoardView> _views = [];
    private readonly List<(string Name, ViewVerdict Verdict)> _verdicts = [];

    /// <summary>The views kept so far.</summary>
    public IReadOnlyList<BoardView> Views => _views;

    /// <summary>What became of every picture, in order.</summary>
    public IReadOnlyList<(string Name, ViewVerdict Verdict)> Verdicts => _verdicts;

    /// <summary>Pixels per row of the pictures; 0 before the first.</summary>
    public int Width { get; private set; }

    /// <summary>Rows of the pictures; 0 before the first.</summary>
    public int Height { get; private set; }

    /// <summary>The part of the picture's cells (8 × 6) in which a point was seen, 0 to 1.</summary>
    public double Coverage => Cells.Count(c => c) / (double)(Columns * Rows);

    /// <summary>How much the views determine a camera by now.</summary>
    public ViewScore Score
    {
        get
        {
            (double Size, double Aspect)[] shapes = [.. _views.Select(v => Shape(v.Points)).Where(s => double.IsFinite(s.Aspect))];
            if (shapes.Length == 0)
            {
                return default;
            }

            double[] tilts = [.. shapes.Select(s => Math.Abs(Math.Log(s.Aspect))).OrderDescending()];
            double tilt = tilts[Math.Min(MostTilted, tilts.Length) - 1], range = shapes.Max(s => s.Size) / shapes.Min(s => s.Size);
            return new ViewScore(
                Coverage, Math.Min(_views.Count / (double)GoodViews, 1), Math.Min(tilt / GoodForeshortening, 1), Math.Min((range - 1) / (GoodRange - 1), 1));
        }
    }

    /// <summary>The points found in the last picture; empty when no board was there.</summary>
    internal IReadOnlyList<FoundPoint> LastPoints { get; private set; } = [];

    /// <summary>Whether a point was seen in each cell of the picture, row by row.</summary>
    internal IReadOnlyList<bool> Cells
    {
        get
        {
            bool[] seen = new bool[Columns * Rows];
            foreach (FoundPoint p in _views.SelectMany(v => v.Points))
            {
                seen[((int)Math.Clamp(p.Y * Rows / Height, 0, Rows - 1) * Columns) + (int)Math.Clamp(p.X * Columns / Width, 0, Columns - 1)] = true;
            }

            return seen;
        }
    }

    /// <summary>The ninths of the picture in which hardly a point was seen, in words.</summary>
    public IReadOnlyList<string> Uncovered
    {
        get
        {
            int[] counts = new int[Thirds * Thirds];
            foreach (FoundPoint p in _views.SelectMany(v => v.Points))
            {
                counts[((int)Math.Clamp(p.Y * Thirds / Height, 0, 2) * Thirds) + (int)Math.Clamp(p.X * Thirds / Width, 0, 2)]++;
            }

            int enough = Math.Max(counts.Sum() / 60, 8);
            return [.. Enumerable.Range(0, 9).Where(i => counts[i] < enough).Select(i => $"{RowNames[i / Thirds]} {ColumnNames[i % Thirds]}")];
        }
    }

    /// <summary>Looks for the board in a picture of 8-bit grey (Height × Width, rows from the top) and says what became of it.</summary>
    public ViewVerdict Add(string name, ReadOnlySpan<byte> grey, int width, int height)
    {
        using Mat picture = new(height, width, MatType.CV_8UC1);
        picture.SetArray(grey.ToArray());
        return Add(name, picture);
    }

    internal ViewVerdict Add(string name, Mat grey)
    {
        ViewVerdict verdict = Judge(name, grey);
        _verdicts.Add((name, verdict));
        return verdict;
    }

    /// <summary>Takes a view out again that the solution does not fit.</summary>
    internal void Drop(string name, ViewVerdict verdict)
    {
        _views.RemoveAll(v => v.Name == name);
        int index = _verdicts.FindIndex(v => v.Name == name);
        _verdicts[index] = (name, verdict);
    }

    private ViewVerdict Judge(string name, Mat grey)
    {
        if (Width == 0)
        {
            (Width, Height) = (grey.Width, grey.Height);
        }

        if ((grey.Width, grey.Height) != (Width, Height))
        {
            return ViewVerdict.OtherSize;
        }

        bool isFound = target.TryFind(grey, out FoundPoint[] points);
        LastPoints = isFound ? points : [];
        if (!isFound)
        {
            return ViewVerdict.NoBoard;
        }

        var view = new BoardView(name, points, BoardSharpness.Of(grey, points));
        double[] others = [.. _views.Select(v => v.Sharpness).Order()];
        if (others.Length >= 5 && view.Sharpness < BlurredAgainstMedian * others[others.Length / 2])
        {
            return ViewVerdict.Blurred;
        }

        if (_views.Any(v => Distance(v, view) < leastMove * Math.Sqrt(((double)Width * Width) + ((double)Height * Height))))
        {
            return ViewVerdict.NearDuplicate;
        }

        _views.Add(view);
        return ViewVerdict.Used;
    }

    /// <summary>
    /// Pixels per metre of the board along its two axes, as their mean and their ratio: from the affine map that fits the points best. NaN
    /// when they lie on a line.
    /// </summary>
    private (double Size, double Aspect) Shape(IReadOnlyList<FoundPoint> points)
    {
        double mx = points.Average(p => target.Points[p.Index].X), my = points.Average(p => target.Points[p.Index].Y);
        double mu = points.Average(p => p.X), mv = points.Average(p => p.Y), xx = 0, xy = 0, yy = 0, xu = 0, yu = 0, xv = 0, yv = 0;
        foreach (FoundPoint p in points)
        {
            double x = target.Points[p.Index].X - mx, y = target.Points[p.Index].Y - my, u = p.X - mu, v = p.Y - mv;
            (xx, xy, yy, xu, yu, xv, yv) = (xx + (x * x), xy + (x * y), yy + (y * y), xu + (x * u), yu + (y * u), xv + (x * v), yv + (y * v));
        }

        double d = (xx * yy) - (xy * xy), a = ((xu * yy) - (yu * xy)) / d, b = ((yu * xx) - (xu * xy)) / d;
        double c = ((xv * yy) - (yv * xy)) / d, e = ((yv * xx) - (xv * xy)) / d;

        // The singular values of the map: the longer and the shorter way in which the board's metres are seen.
        double sum = Math.Sqrt(((a + e) * (a + e)) + ((b - c) * (b - c))), difference = Math.Sqrt(((a - e) * (a - e)) + ((b + c) * (b + c)));
        return ((sum + difference) / 2, (sum + difference) / Math.Max(Math.Abs(sum - difference), 1e-9));
    }

    /// <summary>Mean distance of the points that both views have; +∞ when they share few.</summary>
    private static double Distance(BoardView a, BoardView b)
    {
        Dictionary<int, FoundPoint> known = a.Points.ToDictionary(p => p.Index);
        double sum = 0;
        int count = 0;
        foreach (FoundPoint p in b.Points)
        {
            if (known.TryGetValue(p.Index, out FoundPoint other))
            {
                sum += Math.Sqrt(((p.X - other.X) * (p.X - other.X)) + ((p.Y - other.Y) * (p.Y - other.Y)));
                count++;
            }
        }

        return count * 2 >= b.Points.Count ? sum / count : double.PositiveInfinity;
    }
}
