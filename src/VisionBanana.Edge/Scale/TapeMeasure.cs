using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Scale;

/// <summary>
/// A known distance held against the painted depth of one place over some pictures: how far the painter is off there, and how steadily. Bounded.
/// </summary>
public sealed class TapeMeasure
{
    /// <summary>Pictures after which nothing more is noted.</summary>
    public const int MaxPictures = 1000;

    // One place speaks for the whole picture: its own error of shape stays.
    private const double LocalStd = 0.05, MostSpread = 0.25;
    private const int LeastPictures = 5, Radius = 2;

    private readonly List<float> _logs = [];
    private readonly double _knownM, _x, _y;

    /// <summary>Begins a measurement.</summary>
    /// <param name="knownM">The true distance from the camera to the place in a straight line, metres.</param>
    /// <param name="x">Where it is in the picture, as a share of the width from the left.</param>
    /// <param name="y">As a share of the height from the top.</param>
    /// <exception cref="ConfigurationException">A number is out of its range.</exception>
    public TapeMeasure(double knownM, double x = 0.5, double y = 0.5)
    {
        if (!(knownM is >= 0.05 and <= 1000) || !(x is >= 0 and <= 1) || !(y is >= 0 and <= 1))
        {
            throw new ConfigurationException(FormattableString.Invariant(
                $"A tape measure needs a distance of 0.05 to 1000 m and a place of 0 to 1 across and down the picture, found {knownM} m at ({x}, {y})."));
        }

        (_knownM, _x, _y) = (knownM, x, y);
    }

    /// <summary>Pictures that had depth at the place.</summary>
    public int Pictures => _logs.Count;

    /// <summary>Notes one picture; false when it has no depth there.</summary>
    /// <param name="depth">Metres along z.</param>
    /// <param name="camera">The camera of these pixels.</param>
    /// <param name="appliedFactor">What the depth was multiplied with already: it is taken out.</param>
    public bool Add(ReadOnlySpan<float> depth, CameraIntrinsics camera, double appliedFactor = 1)
    {
        ArgumentNullException.ThrowIfNull(camera);
        int column = (int)Math.Round(_x * (camera.Width - 1)), row = (int)Math.Round(_y * (camera.Height - 1));
        Span<float> seen = stackalloc float[((2 * Radius) + 1) * ((2 * Radius) + 1)];
        int count = 0;
        for (int y = Math.Max(row - Radius, 0); y <= Math.Min(row + Radius, camera.Height - 1); y++)
        {
            for (int x = Math.Max(column - Radius, 0); x <= Math.Min(column + Radius, camera.Width - 1); x++)
            {
                float z = depth[(y * camera.Width) + x];
                if (z > 0 && float.IsFinite(z))
                {
                    seen[count++] = z;
                }
            }
        }

        if (count < seen.Length / 3 || _logs.Count == MaxPictures)
        {
            return false;
        }

        (double sx, double sy) = camera.Unproject(column, row);
        double range = Middle.Of(seen[..count]) / appliedFactor * Math.Sqrt((sx * sx) + (sy * sy) + 1);
        _logs.Add((float)Math.Log(_knownM / range));
        return true;
    }

    /// <summary>What was found.</summary>
    /// <exception cref="CameraException">Too few pictures had depth there, or it was not steady: the message says what to do.</exception>
    public TapeMeasurement Result()
    {
        float[] logs = [.. _logs];
        if (logs.Length < LeastPictures)
        {
            throw new CameraException(
                $"Expected depth at that place in at least {LeastPictures} pictures, found it in {logs.Length}: point at a surface that the camera sees well.");
        }

        double middle = Middle.Of(logs), spread = Middle.Spread(logs);
        return spread <= MostSpread
            ? new TapeMeasurement(
                Math.Exp(middle), Math.Sqrt((LocalStd * LocalStd) + (spread * spread / logs.Length)), _knownM / Math.Exp(middle), spread, logs.Length)
            : throw new CameraException(
                FormattableString.Invariant($"The depth at that place is not steady: it changes by {100 * spread:0} % from picture to picture. ")
                + "Hold the camera still, or point at a larger thing.");
    }
}

/// <summary>What a <see cref="TapeMeasure"/> found.</summary>
/// <param name="Factor">What the painted depth is to be multiplied with.</param>
/// <param name="Std">The standard deviation of its logarithm.</param>
/// <param name="PaintedM">The distance as painted.</param>
/// <param name="Spread">The standard deviation of its logarithm from picture to picture.</param>
/// <param name="Pictures">Pictures that were averaged.</param>
public sealed record TapeMeasurement(double Factor, double Std, double PaintedM, double Spread, int Pictures);
