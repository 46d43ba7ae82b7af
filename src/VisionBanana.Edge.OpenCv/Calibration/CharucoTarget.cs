using OpenCvSharp;
using OpenCvSharp.Aruco;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>A chessboard with a marker in each white square: a part of it is enough. Its points are the inner corners, row by row.</summary>
public sealed class CharucoTarget : CalibrationTarget
{
    private const int FewestCorners = 6;

    private readonly int _columns, _rows;
    private readonly double _square, _marker;
    private readonly PredefinedDictionaryType _type;
    private readonly Dictionary _dictionary;
    private readonly CharucoBoard _board;
    private readonly CharucoDetector _detector;

    /// <summary>Creates the board.</summary>
    /// <param name="columns">Squares per row.</param>
    /// <param name="rows">Rows of squares.</param>
    /// <param name="square">Side of a square in metres.</param>
    /// <param name="marker">Side of a marker in metres, less than a square's; null = three quarters of it.</param>
    /// <param name="dictionary">OpenCV's name of the dictionary, e.g. <c>5X5_100</c>.</param>
    /// <param name="isLegacy">True for boards of even height printed with OpenCV before 4.6, which begin with a white square.</param>
    /// <exception cref="ConfigurationException">There is no such board.</exception>
    public CharucoTarget(int columns, int rows, double square, double? marker = null, string dictionary = "5X5_100", bool isLegacy = false)
    {
        BoardNumbers.Check("ChArUco board", columns, rows, square, 3);
        _marker = marker ?? (0.75 * square);
        if (!(_marker > 0.2 * square && _marker < square))
        {
            throw new ConfigurationException(
                FormattableString.Invariant($"A marker is smaller than its square ({square} m) and larger than a fifth of it, found {_marker}."));
        }

        _type = MarkerDictionaries.Find(dictionary);
        NativeOpenCv.Require();
        (_columns, _rows, _square) = (columns, rows, square);
        _dictionary = CvAruco.GetPredefinedDictionary(_type);
        _board = new CharucoBoard(columns, rows, (float)square, (float)_marker, _dictionary) { LegacyPattern = isLegacy };
        _detector = new CharucoDetector(_board);
        Points = BoardNumbers.Grid(columns - 1, rows - 1, square);
        int markers = columns * rows / 2;
        if (markers > MarkerDictionaries.CountOf(dictionary))
        {
            throw new ConfigurationException(
                $"A board of {columns}×{rows} needs {markers} markers, the dictionary {dictionary} has {MarkerDictionaries.CountOf(dictionary)}.");
        }
    }

    /// <inheritdoc/>
    public override string Description =>
        FormattableString.Invariant($"ChArUco board of {_columns}×{_rows} squares of {_square * 1000:0.##} mm, markers of {_marker * 1000:0.##} mm, ")
        + MarkerDictionaries.NameOf(_type);

    /// <inheritdoc/>
    public override IReadOnlyList<(double X, double Y)> Points { get; }

    /// <inheritdoc/>
    public override (double Width, double Height) Size => (_columns * _square, _rows * _square);

    internal override IEnumerable<DarkRectangle> Print()
    {
        bool isLegacy = _board.LegacyPattern && _rows % 2 == 0;
        int id = 0;
        for (int row = 0; row < _rows; row++)
        {
            for (int column = 0; column < _columns; column++)
            {
                if (((row + column) % 2 == 0) != isLegacy)
                {
                    yield return new DarkRectangle(column * _square, row * _square, _square, _square);
                    continue;
                }

                double margin = (_square - _marker) / 2;
                foreach (DarkRectangle cell in MarkerDictionaries.Cells(_dictionary, id++, _marker, borderBits: 1))
                {
                    yield return cell with { X = (column * _square) + margin + cell.X, Y = (row * _square) + margin + cell.Y };
                }
            }
        }
    }

    internal override bool TryFind(Mat grey, out FoundPoint[] points)
    {
        _detector.DetectBoard(grey, out Point2f[] corners, out int[] ids, out _, out _);
        points = ids is { Length: >= FewestCorners } ? [.. ids.Select((id, i) => new FoundPoint(id, corners[i].X, corners[i].Y))] : [];

        // A single row or column of corners says nothing about a plane.
        return points.Select(p => p.Index / (_columns - 1)).Distinct().Count() > 1 && points.Select(p => p.Index % (_columns - 1)).Distinct().Count() > 1;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _detector.Dispose();
            _board.Dispose();
            _dictionary.Dispose();
        }

        base.Dispose(disposing);
    }
}
