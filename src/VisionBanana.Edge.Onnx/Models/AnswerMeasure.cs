namespace VisionBanana.Edge.Onnx.Models;

/// <summary>How two answers to one question are compared.</summary>
internal enum AnswerMeasure
{
    /// <summary>By the logarithm of the ratio of depths.</summary>
    Depth,

    /// <summary>By the share of pixels with the same class.</summary>
    Labels,

    /// <summary>By the colours of the paintings.</summary>
    Painting,
}
