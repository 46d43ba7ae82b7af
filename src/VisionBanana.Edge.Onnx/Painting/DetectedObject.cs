namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>An object that a detector found.</summary>
/// <param name="X1">Left, in pixels of the input.</param>
/// <param name="Y1">Top.</param>
/// <param name="X2">Right.</param>
/// <param name="Y2">Bottom.</param>
/// <param name="Score">0–1.</param>
/// <param name="ClassId">The class.</param>
/// <param name="First">Where its first coefficient is.</param>
/// <param name="Step">From one coefficient to the next.</param>
internal readonly record struct DetectedObject(float X1, float Y1, float X2, float Y2, float Score, int ClassId, int First, int Step)
{
    /// <summary>The share of the union of both boxes that both cover.</summary>
    public float Overlap(in DetectedObject other)
    {
        float width = Math.Min(X2, other.X2) - Math.Max(X1, other.X1), height = Math.Min(Y2, other.Y2) - Math.Max(Y1, other.Y1);
        float both = Math.Max(0, width) * Math.Max(0, height);
        float union = ((X2 - X1) * (Y2 - Y1)) + ((other.X2 - other.X1) * (other.Y2 - other.Y1)) - both;
        return union > 0 ? both / union : 0;
    }
}
