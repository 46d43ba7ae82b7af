using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Scale;

/// <summary>One painted picture as the estimator sees it; planes are Height × Width and borrowed.</summary>
internal readonly ref struct ScaleView
{
    // Of a normal distribution: standard deviation per mean absolute deviation.
    private const double DeviationPerMean = 1.2533;
    private const double LeastLocalStd = 0.05, MostLocalStd = 0.2, UnknownLocalStd = 0.15;

    public required CameraIntrinsics Camera { get; init; }

    public required ReadOnlySpan<Rgb24> Color { get; init; }

    /// <summary>Metres along z as painted; NaN and infinities are no measurement.</summary>
    public required ReadOnlySpan<float> Depth { get; init; }

    /// <summary>exp(−3 · expected |error| of log depth) where the painter gives it; empty where it does not.</summary>
    public ReadOnlySpan<float> Confidence { get; init; }

    /// <summary>Class ids of <see cref="Classes"/>; empty when none were asked of this picture.</summary>
    public ReadOnlySpan<ushort> Labels { get; init; }

    public LabelPalette? Classes { get; init; }

    /// <summary>Up and height of the camera when the picture was taken, or null.</summary>
    public SupportPlane? Support { get; init; }

    /// <summary>When the picture was taken, nanoseconds since the Unix epoch.</summary>
    public required long StampNs { get; init; }

    public int Width => Camera.Width;

    public int Height => Camera.Height;

    /// <summary>How far one place of the picture is painted off, beside the scale of the whole, as a standard deviation of log depth.</summary>
    /// <param name="meanConfidence">The mean of <see cref="Confidence"/> there.</param>
    public double LocalStd(double meanConfidence) =>
        Confidence.IsEmpty || !(meanConfidence > 0)
            ? UnknownLocalStd
            : Math.Clamp(-Math.Log(meanConfidence) / 3 * DeviationPerMean, LeastLocalStd, MostLocalStd);

    public double SlopeX(double x) => (x - Camera.Cx) / Camera.Fx;

    public double SlopeY(double y) => (y - Camera.Cy) / Camera.Fy;
}
