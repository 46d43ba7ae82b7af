using System.Collections.Immutable;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>What a painter is and what it needs from the camera.</summary>
public sealed record PainterDescription
{
    /// <summary>Name of the model package.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the model package.</summary>
    public required string Version { get; init; }

    /// <summary>SHA-256 of the model file that runs, in lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The execution provider that really runs, e.g. <c>cpu</c>, <c>cuda</c>, <c>tensorrt</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>What is computed in, e.g. <c>fp32</c>, <c>fp16</c>, <c>int8</c>; null when the painter does not say.</summary>
    public string? Precision { get; init; }

    /// <summary>Whether the provider was seen to give the model's own answers, in words; null when nobody compared them.</summary>
    public string? Parity { get; init; }

    /// <summary>Input width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Input height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>
    /// The horizontal field of view in degrees that the picture must be rectified to, or null when the painter takes any
    /// field of view and scales with the focal length (manifest: <c>uses_focal: true</c>).
    /// </summary>
    public double? HorizontalFovDegrees { get; init; }

    /// <summary>How pictures come to its size when it takes any field of view.</summary>
    public PictureFit Fit { get; init; } = PictureFit.Width;

    /// <summary>The classes of the model in the default colours, by id.</summary>
    public required LabelPalette Classes { get; init; }

    /// <summary>The instructions it answers, by kind.</summary>
    public required ImmutableArray<Imaging.PerceptKind> Kinds { get; init; }
}
