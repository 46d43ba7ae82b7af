using System.Buffers;
using System.Numerics.Tensors;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>Confidence of the metric depth, uint8; 255 = 1.</summary>
internal sealed class ConfidenceLayer() : LayerKind("confidence", "confidence", PerceptKind.Depth)
{
    public override void Encode(PerceptionFrame frame, IImageEncoder images, ViewLayer layer)
    {
        ReadOnlySpan<float> confidence = frame.Find(PerceptKind.Depth)!.Confidence;
        float[] scaled = ArrayPool<float>.Shared.Rent(confidence.Length);
        TensorPrimitives.Multiply(confidence, 255f, scaled);
        TensorPrimitives.ConvertSaturating<float, byte>(scaled.AsSpan(0, confidence.Length), layer.Fill(confidence.Length));
        ArrayPool<float>.Shared.Return(scaled);
    }
}
