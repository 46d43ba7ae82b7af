using OpenCvSharp;
using OpenCvSharp.Aruco;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>
/// Kalibr's grid of AprilTags 36h11, numbered from the bottom left, with black squares between their corners. Its points are the four
/// corners of each tag: of tag n those are 4n (bottom left), 4n + 1 (bottom right), 4n + 2 (top right), 4n + 3 (top left). A part is enough.
/// </summary>
public sealed class AprilGridTarget : CalibrationTarget
{
    private const int FewestTags = 3;

    private readonly int _columns, _rows;
    private readonly double _tag, _spacing;
    private readonly Dictionary _dictionary;
    private readonly ArucoDetector[] _detectors;

    /// <summary>Creates the grid.</summary>
    /// <param name="columns">Tags per row (Kalibr <c>tagCols</c>).</param>
    /// <param name="rows">Rows of tags (Kalibr <c>tagRows</c>).</param>
    /// <param name="tag">Side of a tag in metres, from black edge to black edge (<c>tagSize</c>).</param>
    /// <param name="spacing">The gap between tags as a part of their side (<c>tagSpacing</c>).</param>
    /// <exception cref="ConfigurationException">There is no such grid.</exception>
    public AprilGridTarget(int columns, int rows, double tag, double spacing = 0.3)
    {
        BoardNumbers.Check("AprilGrid", columns, rows, tag, 2);
        if (!(spacing is > 0.05 and <= 1))
        {
            throw new ConfigurationException(
                FormattableString.Invariant($"The spacing of an AprilGrid is a part of a tag's side, 0.05 to 1, found {spacing}."));
        }

        if (columns * rows > 587)
        {
            throw new ConfigurationException($"AprilTag 36h11 has 587 tags, a grid of {columns}×{rows} needs {columns * rows}.");
        }

        NativeOpenCv.Require();
        (_columns, _rows, _tag, _spacing) = (columns, rows, tag, spacing);
        _dictionary = CvAruco.GetPredefinedDictionary(PredefinedDictionaryType.DictAprilTag_36h11);

        // Kalibr prints its tags with a border two bits wide, everybody else with one.
        _detectors = [.. ((int[])[2, 1]).Select(bits => new ArucoDetector(
            _dictionary, new DetectorParameters { MarkerBorderBits = bits, CornerRefinementMethod = CornerRefineMethod.None }, new RefineParameters()))];
        Points = [.. Enumerable.Range(0, columns * rows).SelectMany(Corners)];
    }

    /// <inheritdoc/>
    public override string Description =>
        FormattableString.Invariant($"AprilGrid of {_columns}×{_rows} tags 36h11 of {_tag * 1000:0.##} mm, spacing {_spacing:0.###}");

    /// <inheritdoc/>
    public override IReadOnlyList<(double X, double Y)> Points { get; }

    /// <inheritdoc/>
    public override (double Width, double Height) Size => ((_columns * _tag) + ((_columns + 1) * Gap), (_rows * _tag) + ((_rows + 1) * Gap));

    private double Gap => _tag * _spacing;

    internal override IEnumerable<DarkRectangle> Print()
    {
        for (int n = 0; n < _columns * _rows; n++)
        {
            double left = Gap + (n % _columns * (_tag + Gap)), top = Gap + ((_rows - 1 - (n / _columns)) * (_tag + Gap));
            foreach (DarkRectangle cell in MarkerDictionaries.Cells(_dictionary, n, _tag, borderBits: 2))
            {
                yield return cell with { X = left + cell.X, Y = top + cell.Y };
            }
        }

        for (int row = 0; row <= _rows; row++)
        {
            for (int column = 0; column <= _columns; column++)
            {
                yield return new DarkRectangle(column * (_tag + Gap), row * (_tag + Gap), Gap, Gap);
            }
        }
    }

    internal override bool TryFind(Mat grey, out FoundPoint[] points)
    {
        points = [];
        foreach (ArucoDetector detector in _detectors)
        {
            detector.DetectMarkers(grey, out Point2f[][] corners, out int[] ids, out _);
            var found = new List<(int Index, Point2f Corner, float Side)>();
            for (int i = 0; i < ids.Length; i++)
            {
                if (ids[i] >= _columns * _rows || ids.Count(id => id == ids[i]) > 1)
                {
                    continue;
                }

                // OpenCV's order begins at the top left and goes round clockwise.
                float side = (float)Math.Min(corners[i][0].DistanceTo(corners[i][1]), corners[i][1].DistanceTo(corners[i][2]));
                foreach ((int place, int corner) in ((int, int)[])[(0, 3), (1, 2), (2, 1), (3, 0)])
                {
                    found.Add(((4 * ids[i]) + place, corners[i][corner], side));
                }
            }

            if (found.Count >= 4 * FewestTags && found.Count > points.Length)
            {
                points = [.. Refine(grey, found)];
            }
        }

        return points.Length > 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Array.ForEach(_detectors, d => d.Dispose());
            _dictionary.Dispose();
        }

        base.Dispose(disposing);
    }

    private static IEnumerable<FoundPoint> Refine(Mat grey, List<(int Index, Point2f Corner, float Side)> found)
    {
        // The saddle between a tag's corner and the black square beside it lies nearer than the tag's first bit and the square's other corners.
        int half = Math.Clamp((int)(found.Min(f => f.Side) * 0.2), 3, 8);
        Point2f[] fine = Cv2.CornerSubPix(
            grey, found.Select(f => f.Corner), new Size(half, half), new Size(-1, -1), new TermCriteria(CriteriaTypes.Eps | CriteriaTypes.MaxIter, 40, 1e-3));
        return found.Select((f, i) => new FoundPoint(f.Index, fine[i].X, fine[i].Y));
    }

    private (double X, double Y)[] Corners(int n)
    {
        double left = n % _columns * (_tag + Gap), top = (_rows - 1 - (n / _columns)) * (_tag + Gap), right = left + _tag, bottom = top + _tag;
        return [(left, bottom), (right, bottom), (right, top), (left, top)];
    }
}
