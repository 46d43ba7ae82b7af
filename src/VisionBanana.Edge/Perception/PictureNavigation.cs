using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Perception;

/// <summary>What a perceived picture knows of the surroundings.</summary>
internal static class PictureNavigation
{
    /// <summary>Everything of a calibrated picture that a <see cref="Navigator"/> reads.</summary>
    public static NavigationInput InputOf(PerceptionFrame frame, CameraMount? mount)
    {
        // Metres that nobody vouches for say nothing of what is near: they are as if they were not there.
        Percept? depth = frame.Scale.IsTrusted ? frame.Find(PerceptKind.Depth) : null;
        Percept? labels = frame.Find(PerceptKind.Labels), instances = frame.Find(PerceptKind.Instances);
        return new NavigationInput
        {
            Camera = frame.Intrinsics!,
            Mount = mount,
            Support = frame.Support,
            Depth = depth is null ? [] : depth.Depth,
            IsDepthWithheld = !frame.Scale.IsTrusted && frame.Find(PerceptKind.Depth) is not null,
            Confidence = depth is null ? [] : depth.Confidence,
            Labels = labels is null ? [] : labels.Labels,
            Palette = (labels?.Instruction as SemanticInstruction)?.Palette,
            Instances = instances is null ? [] : instances.Labels,
            InstanceConfidence = instances is null ? [] : instances.Confidence,
            InstanceClass = (instances?.Instruction as InstancesInstruction)?.ClassName ?? "",
            MonotonicNs = frame.CapturedAt.MonotonicNs,
            UtcNs = frame.CapturedAt.UtcNs,
        };
    }
}
