using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// Builds a <see cref="RemapTable"/>: a target pixel is the mean of n × m bilinear samples spread over the area it covers in
/// the source, with n and m chosen so that samples lie about one source pixel apart (one sample where the picture is not shrunk).
/// A target pixel has a source when its centre has; samples outside the picture are left out of the mean.
/// </summary>
internal sealed class RemapTableBuilder
{
    // Closer than this many source pixels, one more sample would only blur.
    private const double Spacing = 1.2;
    private const int MostSamples = 64;

    private readonly int _width, _height, _targetWidth, _targetHeight;
    private readonly Func<double, double, (double X, double Y)> _toSource;
    private readonly List<(double X, double Y)> _samples = [];
    private readonly List<short> _weights = [];
    private double[] _window = [];

    public RemapTableBuilder(int sourceWidth, int sourceHeight, int targetWidth, int targetHeight, Func<double, double, (double X, double Y)> toSource)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceWidth, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceHeight, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetHeight);
        _width = sourceWidth;
        _height = sourceHeight;
        _targetWidth = targetWidth;
        _targetHeight = targetHeight;
        _toSource = toSource;
    }

    public RemapTable Build(PixelFormat format)
    {
        var windows = new RemapTable.Window[_targetWidth * _targetHeight];
        var hasSource = new bool[windows.Length];
        for (int y = 0, i = 0; y < _targetHeight; y++)
        {
            for (int x = 0; x < _targetWidth; x++, i++)
            {
                hasSource[i] = IsInside(_toSource(x, y));
                windows[i] = hasSource[i] ? WindowOf(x, y) : default;
            }
        }

        windows[^1] = windows[^1] with { NearEnd = true };
        return new RemapTable(_width, _height, _targetWidth, _targetHeight, format, windows, [.. _weights], hasSource);
    }

    private bool IsInside((double X, double Y) p) => p.X >= -0.5 && p.X <= _width - 0.5 && p.Y >= -0.5 && p.Y <= _height - 0.5;

    private RemapTable.Window WindowOf(int x, int y)
    {
        int columns = SampleCount(_toSource(x - 0.5, y), _toSource(x + 0.5, y));
        int rows = SampleCount(_toSource(x, y - 0.5), _toSource(x, y + 0.5));
        _samples.Clear();
        for (int j = 0; j < rows; j++)
        {
            for (int i = 0; i < columns; i++)
            {
                (double X, double Y) p = _toSource(x - 0.5 + ((i + 0.5) / columns), y - 0.5 + ((j + 0.5) / rows));
                if (IsInside(p))
                {
                    _samples.Add((Math.Clamp(p.X, 0, _width - 1), Math.Clamp(p.Y, 0, _height - 1)));
                }
            }
        }

        if (_samples.Count == 0)
        {
            (double X, double Y) centre = _toSource(x, y);
            _samples.Add((Math.Clamp(centre.X, 0, _width - 1), Math.Clamp(centre.Y, 0, _height - 1)));
        }

        return Add();
    }

    private static int SampleCount((double X, double Y) a, (double X, double Y) b)
    {
        double length = Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)));
        return length > Spacing ? (int)Math.Min(Math.Ceiling(length - Spacing + 1), MostSamples) : 1;
    }

    private RemapTable.Window Add()
    {
        // The last column and row take part with weight zero when a sample lies exactly on a pixel; they are trimmed below.
        int left = _width, top = _height, right = 0, bottom = 0;
        foreach ((double x, double y) in _samples)
        {
            left = Math.Min(left, (int)x);
            top = Math.Min(top, (int)y);
            right = Math.Max(right, (int)Math.Ceiling(x));
            bottom = Math.Max(bottom, (int)Math.Ceiling(y));
        }

        int pairs = (right - left + 2) / 2, columns = pairs * 2, rows = bottom - top + 1;
        left = Math.Min(left, _width - columns);
        if (left < 0)
        {
            // An odd picture narrower than the window: one column more than there is cannot be read.
            throw new ArgumentException($"A source picture of {_width} columns is too narrow for this reduction; it needs at least {columns}.");
        }

        if (_window.Length < columns * rows)
        {
            _window = new double[columns * rows];
        }

        Span<double> window = _window.AsSpan(0, columns * rows);
        window.Clear();
        foreach ((double x, double y) in _samples)
        {
            int column = (int)x, row = (int)y;
            double fx = x - column, fy = y - row;
            int at = ((row - top) * columns) + column - left;
            window[at] += (1 - fx) * (1 - fy);
            if (fx > 0)
            {
                window[at + 1] += fx * (1 - fy);
            }

            if (fy > 0)
            {
                window[at + columns] += (1 - fx) * fy;
                if (fx > 0)
                {
                    window[at + columns + 1] += fx * fy;
                }
            }
        }

        int first = _weights.Count;
        AddRounded(window);
        int offset = ((top * _width) + left) * 3;
        int lastRead = offset + ((((rows - 1) * _width) + columns - 2) * 3) + RemapTable.BytesRead;
        return new RemapTable.Window(offset, first, (short)pairs, (short)rows, lastRead > _width * _height * 3);
    }

    /// <summary>Rounds the running sum to fixed point, so that weights are never negative and add up to exactly one.</summary>
    private void AddRounded(ReadOnlySpan<double> window)
    {
        const int One = 1 << RemapTable.WeightBits;
        double running = 0;
        int given = 0;
        foreach (double weight in window)
        {
            running += weight;
            int upTo = (int)Math.Round(running * One / _samples.Count);
            _weights.Add((short)(upTo - given));
            given = upTo;
        }
    }
}
