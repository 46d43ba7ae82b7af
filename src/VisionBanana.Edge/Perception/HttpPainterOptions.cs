using System.Collections.Immutable;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>A painter behind an HTTP server: where it is, and what its pictures are.</summary>
public sealed record HttpPainterOptions
{
    /// <summary>Where pictures are posted to, http or https.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Name of the model behind it.</summary>
    public string Name { get; init; } = "http";

    /// <summary>Version of the model behind it.</summary>
    public string Version { get; init; } = "unknown";

    /// <summary>Pixels per row of the pictures it takes and paints.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of the pictures it takes and paints.</summary>
    public required int Height { get; init; }

    /// <summary>The horizontal field of view that pictures are rectified to; null = that of the camera.</summary>
    public double? HorizontalFovDegrees { get; init; }

    /// <summary>Classes and colours of the short instruction <c>labels</c>; other classes may be asked for, a generator takes any name.</summary>
    public LabelPalette Classes { get; init; } = new([]);

    /// <summary>What it is asked for.</summary>
    public ImmutableArray<PerceptKind> Kinds { get; init; } = [.. Enum.GetValues<PerceptKind>()];

    /// <summary>The walk of colours along which it paints depth; replicas differ in it.</summary>
    public DepthWalk Walk { get; init; } = DepthWalk.Paper;

    /// <summary>A distance that somebody measured, against which the walk is checked before the first picture; null = none.</summary>
    public KnownDistance? Known { get; init; }

    /// <summary>How long one painting may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Sent as <c>Authorization: Bearer …</c>; null = none.</summary>
    public string? BearerToken { get; init; }
}
