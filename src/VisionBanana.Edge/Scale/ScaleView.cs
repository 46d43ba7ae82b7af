using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Scale;

/// <summary>One painted picture as the estimator sees it; planes are Height × Width and borrowed.</summary>
internal readonly ref struct ScaleView
{
    public required CameraIntrinsics Camera { get; init; }

    public required ReadOnlySpan<Rgb24> Color { get; init; }

    /// <summary>Metres along z as painted; NaN and infinities are no measurement.</summary>
    public required ReadOnlySpan<float> Depth { get; init; }

    /// <summary>Class ids of <see cref="Classes"/>; empty when none were asked of this picture.</summary>
    public ReadOnlySpan<ushort> Labels { get; init; }

    public LabelPalette? Classes { get; init; }

    /// <summary>Up and height of the camera when the picture was taken, or null.</summary>
    public SupportPlane? Support { get; init; }

    /// <summary>When the picture was taken, nanoseconds since the Unix epoch.</summary>
    public required long StampNs { get; init; }

    public int Width => Camera.Width;

    public int Height => Camera.Height;

    public double SlopeX(double x) => (x - Camera.Cx) / Camera.Fx;

    public double SlopeY(double y) => (y - Camera.Cy) / Camera.Fy;
}
