namespace VisionBanana.Edge.Geometry;

/// <summary>Which pixels become points. What is outside stays in its place in the organised cloud with NaN coordinates.</summary>
public sealed record CloudOptions
{
    /// <summary>Every pixel with a finite positive depth.</summary>
    public static CloudOptions Default { get; } = new();

    /// <summary>The least confidence of a point, 0–1.</summary>
    public float MinConfidence { get; init; }

    /// <summary>The nearest depth of a point in metres; 0 m itself is never a point.</summary>
    public float MinDepthM { get; init; }

    /// <summary>The farthest depth of a point in metres; +∞ depth is never a point.</summary>
    public float MaxDepthM { get; init; } = float.PositiveInfinity;

    /// <summary>What is wrong with these options, one sentence each; empty when they can be used.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(MinConfidence is >= 0 and <= 1))
        {
            yield return $"min_confidence is {MinConfidence}: expected 0 to 1.";
        }

        if (!(MinDepthM >= 0 && float.IsFinite(MinDepthM)))
        {
            yield return $"min_depth_m is {MinDepthM}: expected 0 or more, in metres.";
        }

        if (!(MaxDepthM > MinDepthM))
        {
            yield return $"max_depth_m is {MaxDepthM}: expected more than min_depth_m, which is {MinDepthM}.";
        }
    }
}
