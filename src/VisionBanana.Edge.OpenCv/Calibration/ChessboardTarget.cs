using OpenCvSharp;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>A chessboard; its points are the inner corners, row by row. The whole board must be in the picture.</summary>
public sealed class ChessboardTarget : CalibrationTarget
{
    private readonly Size _pattern;
    private readonly double _square;

    /// <summary>Creates the board.</summary>
    /// <param name="columns">Inner corners per row.</param>
    /// <param name="rows">Rows of inner corners.</param>
    /// <param name="square">Side of a square in metres.</param>
    /// <exception cref="ConfigurationException">There is no such board.</exception>
    public ChessboardTarget(int columns, int rows, double square)
    {
        BoardNumbers.Check("chessboard", columns, rows, square, 3);
        (_pattern, _square) = (new Size(columns, rows), square);
        Points = BoardNumbers.Grid(columns, rows, square);
    }

    /// <inheritdoc/>
    public override string Description =>
        FormattableString.Invariant($"chessboard of {_pattern.Width}×{_pattern.Height} inner corners, squares of {_square * 1000:0.##} mm");

    /// <inheritdoc/>
    public override IReadOnlyList<(double X, double Y)> Points { get; }

    /// <inheritdoc/>
    public override (double Width, double Height) Size => ((_pattern.Width + 1) * _square, (_pattern.Height + 1) * _square);

    internal override IEnumerable<DarkRectangle> Print() =>
        from row in Enumerable.Range(0, _pattern.Height + 1)
        from column in Enumerable.Range(0, _pattern.Width + 1)
        where (row + column) % 2 == 0
        select new DarkRectangle(column * _square, row * _square, _square, _square);

    internal override bool TryFind(Mat grey, out FoundPoint[] points)
    {
        // The detector of old finds more of the small and steep boards; the other finds blurred and unevenly lit ones.
        bool found = Cv2.FindChessboardCorners(
            grey, _pattern, out Point2f[] corners, ChessboardFlags.AdaptiveThresh | ChessboardFlags.NormalizeImage | ChessboardFlags.FilterQuads);
        if (found)
        {
            corners = Cv2.CornerSubPix(grey, corners, Window(corners), new Size(-1, -1), new TermCriteria(CriteriaTypes.Eps | CriteriaTypes.MaxIter, 60, 1e-3));
        }
        else
        {
            found = Cv2.FindChessboardCornersSB(
                grey, _pattern, out corners, ChessboardFlags.NormalizeImage | ChessboardFlags.Exhaustive | ChessboardFlags.Accuracy);
        }

        points = found ? [.. corners.Select((c, i) => new FoundPoint(i, c.X, c.Y))] : [];
        return found;
    }

    // The window must not reach the next corner, and a large one averages away the bend of the lines.
    private Size Window(Point2f[] corners)
    {
        double nearest = double.MaxValue;
        for (int i = 1; i < corners.Length; i++)
        {
            if (i % _pattern.Width != 0)
            {
                nearest = Math.Min(nearest, corners[i].DistanceTo(corners[i - 1]));
            }
        }

        int half = Math.Clamp((int)(nearest * 0.35), 2, 11);
        return new Size(half, half);
    }
}
