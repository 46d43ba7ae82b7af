namespace VisionBanana.Edge.Onnx.Models;

/// <summary>The camera a model's metres hold for. Exactly one of the two is given.</summary>
/// <param name="HorizontalFovDegrees">The view that pictures must be rectified to, or null when the model scales with the focal length.</param>
/// <param name="CanonicalFocalPixels">The focal length in pixels of the input size that the model's metres hold for (<c>uses_focal: true</c>), or null.</param>
public sealed record ModelCamera(double? HorizontalFovDegrees, double? CanonicalFocalPixels)
{
    /// <summary>A model that makes no metric claim takes any camera.</summary>
    public static ModelCamera Any { get; } = new(null, null);

    /// <summary>True when depth is multiplied with f / f_c.</summary>
    public bool UsesFocal => CanonicalFocalPixels is not null;
}
