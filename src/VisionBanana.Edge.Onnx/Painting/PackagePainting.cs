using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>How a picture is painted with a model package, wherever its graph runs.</summary>
internal sealed class PackagePainting(ModelManifest manifest, GraphRunner runner, PainterGuard guard)
{
    /// <summary>How far a picture's field of view may be from the one that metres hold for: 1 % of scale at 60°.</summary>
    private const double FovToleranceDegrees = 0.5;

    /// <summary>See <see cref="IPainter.Paint"/>.</summary>
    public void Paint(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(instructions);
        if (instructions.Count == 0)
        {
            return;
        }

        if (frame.Width != manifest.Input.Width || frame.Height != manifest.Input.Height)
        {
            throw new InferenceException(
                $"{manifest.Name} takes pictures of {manifest.Input.Width}×{manifest.Input.Height}, found {frame.Width}×{frame.Height}; resize or rectify the "
                    + "picture to that size first.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        bool metric = false;
        for (int i = 0; i < instructions.Count; i++)
        {
            metric |= instructions[i].Kind == PerceptKind.Depth;
        }

        float ratio = FocalRatio(frame, metric);
        guard.Enter();
        try
        {
            runner.SetPicture(frame.ColorBytes, frame.HasSource);
            runner.SetCamera(frame.Intrinsics, frame.Support, ratio);
            runner.Answer(frame, instructions, ratio);
        }
        finally
        {
            guard.Exit();
        }
    }

    /// <summary>
    /// f / f_c for a model that scales with the focal length or is shown another view than its own, 1 otherwise; refuses metres for an unknown camera.
    /// </summary>
    private float FocalRatio(PerceptionFrame frame, bool metric)
    {
        ModelCamera camera = manifest.Camera;
        if (frame.Intrinsics is not { } intrinsics)
        {
            return metric
                ? throw new InferenceException(
                    $"{manifest.Name} cannot paint metric depth for a camera without intrinsics: a network sees angles, not metres. Give a calibration "
                        + $"(--camera FILE) or a field of view (--hfov DEGREES).")
                : 1;
        }

        if (camera.CanonicalFocalPixels is { } canonical)
        {
            // Of a picture that was stretched, the mean, as the authors of such models take it.
            return (float)((intrinsics.Fx + intrinsics.Fy) / 2 / canonical);
        }

        if (camera.HorizontalFovDegrees is { } expected && Math.Abs(intrinsics.HorizontalFovDegrees - expected) > FovToleranceDegrees)
        {
            // Shown as if it were the model's own view: what looks f / f_c times as large is that much farther away.
            return (float)(intrinsics.Fx * 2 * Math.Tan(double.DegreesToRadians(expected) / 2) / intrinsics.Width);
        }

        return 1;
    }
}
