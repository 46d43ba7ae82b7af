using System.Numerics;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Perception;

/// <summary>Brings the decoded depth of a frame to the estimated scale, before anything is made of it. One per pipeline.</summary>
internal sealed class FrameScale(ScaleEstimator estimator)
{
    private readonly DepthSmoother? _smoother = estimator.Options.SmoothStatic ? new DepthSmoother() : null;

    public ScaleEstimator Estimator => estimator;

    /// <summary>Scales depth and confidence in place and notes the estimate; a frame without depth or calibration stays as it is.</summary>
    public void Apply(PerceptionFrame frame)
    {
        if (frame.Find(PerceptKind.Depth) is not { } depth || frame.Intrinsics is not { } camera)
        {
            return;
        }

        Percept? labels = frame.Find(PerceptKind.Labels);
        frame.Scale = estimator.Estimate(new ScaleView
        {
            Camera = camera,
            Color = frame.Color,
            Depth = depth.Depth,
            Confidence = depth.PainterGaveConfidence ? depth.Confidence : [],
            Labels = labels is null ? [] : labels.Labels,
            Classes = (labels?.Instruction as SemanticInstruction)?.Palette,
            Support = frame.Support,
            StampNs = frame.CapturedAt.UtcNs,
        });
        Multiply(depth.Depth, (float)frame.Scale.Factor);
        Multiply(depth.Confidence, (float)frame.Scale.Confidence);
        _smoother?.Apply(depth.Depth, frame.Color, frame.Scale.IsSceneNew);
    }

    private static void Multiply(Span<float> values, float factor)
    {
        Span<Vector<float>> lanes = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (ref Vector<float> lane in lanes)
        {
            lane *= factor;
        }

        foreach (ref float value in values[(lanes.Length * Vector<float>.Count)..])
        {
            value *= factor;
        }
    }
}
