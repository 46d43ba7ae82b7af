using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Navigation;

/// <summary>What is known of one picture; planes are Height × Width, rows from the top.</summary>
internal readonly ref struct NavigationInput
{
    public required CameraIntrinsics Camera { get; init; }

    /// <summary>Where the camera sat when the picture was taken; null = nobody ever said, or whoever said it fell silent.</summary>
    public CameraMount? Mount { get; init; }

    /// <summary>What is known of the floor when the picture was taken, before the mount; null = nothing but the mount.</summary>
    public SupportPlane? Support { get; init; }

    /// <summary>Metres along z; NaN, ±∞ as REP-117 has them. Empty = not asked of this picture.</summary>
    public ReadOnlySpan<float> Depth { get; init; }

    /// <summary>True when there is depth, but in metres that nobody vouches for: it is not given here, and what it showed is unknown.</summary>
    public bool IsDepthWithheld { get; init; }

    /// <summary>0–1.</summary>
    public ReadOnlySpan<float> Confidence { get; init; }

    /// <summary>Class ids; empty = not asked of this picture.</summary>
    public ReadOnlySpan<ushort> Labels { get; init; }

    /// <summary>What the class ids mean.</summary>
    public LabelPalette? Palette { get; init; }

    /// <summary>Instance ids, 0 = background; empty = not asked of this picture.</summary>
    public ReadOnlySpan<ushort> Instances { get; init; }

    /// <summary>The confidence of the instance ids.</summary>
    public ReadOnlySpan<float> InstanceConfidence { get; init; }

    /// <summary>The class of the instances.</summary>
    public string InstanceClass { get; init; }

    /// <summary>Capture time on a clock that is never set.</summary>
    public long MonotonicNs { get; init; }

    /// <summary>Capture time, nanoseconds since the Unix epoch.</summary>
    public long UtcNs { get; init; }
}
