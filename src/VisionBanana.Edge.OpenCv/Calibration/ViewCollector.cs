using OpenCvSharp;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>Looks for a board in pictures, one after another, and keeps the views that add something.</summary>
/// <param name="target">The board.</param>
/// <param name="leastMove">How far the board must have moved, as a part of the picture's diagonal, to be seen anew.</param>
public sealed class ViewCollector(CalibrationTarget target, double leastMove = 0.005)
{
    private const int Columns = 8, Rows = 6, Thirds = 3;
    private const double BlurredAgainstMedian = 0.35;

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
    public double Coverage
    {
        get
        {
            var seen = new HashSet<int>();
            foreach (FoundPoint p in _views.SelectMany(v => v.Points))
            {
                seen.Add(((int)Math.Clamp(p.Y * Rows / Height, 0, Rows - 1) * Columns) + (int)Math.Clamp(p.X * Columns / Width, 0, Columns - 1));
            }

            return seen.Count / (double)(Columns * Rows);
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

        if (!target.TryFind(grey, out FoundPoint[] points))
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
