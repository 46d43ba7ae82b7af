namespace VisionBanana.Edge.Onnx.Models;

/// <summary>What the graph answers with.</summary>
public enum OutputKind
{
    /// <summary>RGB paintings, float32 [T,3,H,W] in 0–1, one for each of T instructions.</summary>
    Painting,

    /// <summary>Metres along the optical axis, float32 [1,h,w] or [1,1,h,w]; zero or less and NaN = no measurement.</summary>
    MetricDepth,

    /// <summary>x with depth = 1 / (scale · x + shift), float32 [1,h,w] or [1,1,h,w].</summary>
    InverseDepth,

    /// <summary>Scores per class, float32 [1,C,h,w]; channel c is the class with id c.</summary>
    ClassLogits,

    /// <summary>A point for each pixel in the optical frame, float32 [1,3,h,w] or [1,h,w,3]; depth is its z.</summary>
    PointMap,

    /// <summary>
    /// Objects: detections float32 [1,N,4+2+K] (corners x1, y1, x2, y2 in pixels of the input, score, class, K coefficients), best first or not, or as the
    /// head leaves them [1,4+C+K,N] (centre, size, C scores, K coefficients; overlaps are removed here); and K prototypes float32 [1,K,h,w]. The mask of
    /// an object is where the sum of prototypes times coefficients is above 0, inside its box.
    /// </summary>
    InstanceMasks,
}
