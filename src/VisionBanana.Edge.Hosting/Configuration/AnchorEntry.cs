using VisionBanana.Edge.Scale;
using VisionBanana.Edge.Sensors;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>One of <c>scale.anchors</c>.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Create">Makes the anchor, and what takes the readings of its sensor; may throw <see cref="ConfigurationException"/>.</param>
internal sealed record AnchorEntry(string Kind, Func<TimeProvider, (ScaleAnchor Anchor, SensorInput? Input, RangeFeed? Range)> Create)
{
    /// <summary>Where its readings arrive; null = it has none.</summary>
    public SensorEntry? Sensor { get; init; }
}
