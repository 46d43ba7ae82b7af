using OpenCvSharp;
using OpenCvSharp.Aruco;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>
/// One square marker, for telling where a camera is. Its points are its corners: top left, top right, bottom right, bottom left as printed.
/// Four points do not calibrate a lens.
/// </summary>
public sealed class MarkerTarget : CalibrationTarget
{
    private readonly int _id;
    private readonly double _side;
    private readonly string _name;
    private readonly Dictionary _dictionary;
    private readonly ArucoDetector _detector;

    /// <summary>Creates the marker.</summary>
    /// <param name="id">Its number in the dictionary.</param>
    /// <param name="side">Its side in metres, from black edge to black edge.</param>
    /// <param name="dictionary">OpenCV's name of the dictionary, e.g. <c>5X5_100</c> or <c>APRILTAG_36h11</c>.</param>
    /// <exception cref="ConfigurationException">There is no such marker.</exception>
    public MarkerTarget(int id, double side, string dictionary = "5X5_100")
    {
        if (!(side is > 0.0005 and < 5))
        {
            throw new ConfigurationException(FormattableString.Invariant($"The side of a marker is given in metres, 0.0005 to 5, found {side}."));
        }

        PredefinedDictionaryType type = MarkerDictionaries.Find(dictionary);
        if (id < 0 || id >= MarkerDictionaries.CountOf(dictionary))
        {
            throw new ConfigurationException($"The dictionary {dictionary} has the markers 0 to {MarkerDictionaries.CountOf(dictionary) - 1}, found {id}.");
        }

        NativeOpenCv.Require();
        (_id, _side, _name) = (id, side, MarkerDictionaries.NameOf(type));
        _dictionary = CvAruco.GetPredefinedDictionary(type);
        _detector = new ArucoDetector(_dictionary, new DetectorParameters { CornerRefinementMethod = CornerRefineMethod.Subpix }, new RefineParameters());
        Points = [(0, 0), (side, 0), (side, side), (0, side)];
    }

    /// <summary>Its side in metres.</summary>
    public double Side => _side;

    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"marker {_id} of {_name}, {_side * 1000:0.##} mm");

    /// <inheritdoc/>
    public override IReadOnlyList<(double X, double Y)> Points { get; }

    /// <inheritdoc/>
    public override (double Width, double Height) Size => (_side, _side);

    internal override IEnumerable<DarkRectangle> Print() => MarkerDictionaries.Cells(_dictionary, _id, _side, borderBits: 1);

    internal override bool TryFind(Mat grey, out FoundPoint[] points)
    {
        _detector.DetectMarkers(grey, out Point2f[][] corners, out int[] ids, out _);
        int at = Array.IndexOf(ids, _id);
        points = at >= 0 && Array.LastIndexOf(ids, _id) == at ? [.. corners[at].Select((c, i) => new FoundPoint(i, c.X, c.Y))] : [];
        return points.Length > 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _detector.Dispose();
            _dictionary.Dispose();
        }

        base.Dispose(disposing);
    }
}
