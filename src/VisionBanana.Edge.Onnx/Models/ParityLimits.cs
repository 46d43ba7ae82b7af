namespace VisionBanana.Edge.Onnx.Models;

/// <summary>
/// How far a provider's answers may be from those of the processor in fp32 on the reference pictures before its engine is taken for wrong
/// (<c>parity</c> in the manifest, for each precision).
/// </summary>
/// <param name="DepthMedian">Half of the pixels: |ln(depth / reference)|; 0.01 is 1 %.</param>
/// <param name="DepthP99">99 % of the pixels, likewise. A pixel that only one of the two measures counts as wrong by a factor of 10.</param>
/// <param name="DepthScale">|ln| of the median ratio: a scale that is wrong everywhere.</param>
/// <param name="Labels">The least share of pixels with the same class.</param>
/// <param name="Colour">The mean difference of paintings that are neither depth nor classes (normals, objects), per channel in 0–1.</param>
/// <param name="Confidence">The mean difference of confidences.</param>
public sealed record ParityLimits(double DepthMedian, double DepthP99, double DepthScale, double Labels, double Colour, double Confidence)
{
    /// <summary>The limits of a package that states none: what rounding to this precision explains, and no more.</summary>
    public static ParityLimits Default(ModelPrecision precision) => precision switch
    {
        ModelPrecision.Fp32 => new ParityLimits(0.005, 0.05, 0.005, 0.99, 0.01, 0.01),
        ModelPrecision.Fp16 => new ParityLimits(0.01, 0.1, 0.01, 0.98, 0.01, 0.02),
        _ => new ParityLimits(0.05, 0.4, 0.05, 0.9, 0.05, 0.08),
    };
}
