namespace VisionBanana.Edge.Geometry;

/// <summary>
/// What becomes a point: confidence from <paramref name="MinConfidence"/>, metres from <paramref name="MinDepth"/> to <paramref name="MaxDepth"/>.
/// </summary>
internal readonly record struct PointLimits(float MinConfidence, float MinDepth, float MaxDepth)
{
    /// <summary>False for NaN of either.</summary>
    public bool Hold(float depth, float confidence) => confidence >= MinConfidence && depth >= MinDepth && depth <= MaxDepth;
}
