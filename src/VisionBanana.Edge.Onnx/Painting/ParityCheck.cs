using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>Asks two runners of a model the same questions about the reference pictures and compares what the decoded answers say.</summary>
internal sealed class ParityCheck
{
    /// <summary>A pixel that only one of the two measures counts as wrong by a factor of 10.</summary>
    private const double OnlyOne = 2.302585;

    private readonly List<double> _depth = [];
    private readonly List<double> _ratio = [];
    private long _labels, _sameLabels, _colours, _confidences;
    private double _colour, _confidence;

    private ParityCheck()
    {
    }

    /// <summary>Compares.</summary>
    /// <param name="manifest">The model.</param>
    /// <param name="runner">What is checked.</param>
    /// <param name="reference">What is right.</param>
    public static ParityFigures Compare(ModelManifest manifest, GraphRunner runner, GraphRunner reference)
    {
        Instruction[] asked =
        [
            .. TaskForms.All.Where(form => form.Measure is not null)
                .SelectMany(form => form.Samples(manifest)).Where(q => reference.WhyNot(q) is null).DistinctBy(q => q.Kind),
        ];
        (int width, int height) = (manifest.Input.Width, manifest.Input.Height);
        CameraIntrinsics camera = CameraOf(manifest);
        float ratio = manifest.Camera.CanonicalFocalPixels is { } canonical ? (float)(camera.Fx / canonical) : 1;
        var check = new ParityCheck();
        var decoder = new PerceptDecoder();
        for (int i = 0; i < ReferencePictures.Count; i++)
        {
            byte[] picture = ReferencePictures.Render(i, width, height);
            using PerceptionFrame found = Answer(runner, decoder, picture, asked, camera, ratio);
            using PerceptionFrame right = Answer(reference, decoder, picture, asked, camera, ratio);
            foreach (Instruction question in asked)
            {
                check.Add(found.Find(question.Kind)!, right.Find(question.Kind)!);
            }
        }

        return check.Figures();
    }

    private static CameraIntrinsics CameraOf(ModelManifest manifest)
    {
        const double AnyView = 60;
        ModelInput input = manifest.Input;
        double view = manifest.Camera.HorizontalFovDegrees
            ?? (manifest.Camera.CanonicalFocalPixels is { } focal ? 2 * Math.Atan(input.Width / 2.0 / focal) * 180 / Math.PI : AnyView);
        return CameraIntrinsics.FromHorizontalFov(input.Width, input.Height, Math.Min(view, 170));
    }

    private static PerceptionFrame Answer(GraphRunner runner, PerceptDecoder decoder, byte[] picture, Instruction[] asked, CameraIntrinsics camera, float ratio)
    {
        PerceptionFrame.CreatePool(1, camera.Width, camera.Height).TryRent(out PerceptionFrame? rented);
        PerceptionFrame frame = rented!;
        frame.Intrinsics = camera;
        frame.HasSource.Fill(true);
        picture.CopyTo(frame.ColorBytes);
        runner.SetPicture(picture, frame.HasSource);
        runner.SetCamera(camera, null, ratio);
        runner.Answer(frame, asked, ratio);
        foreach (Instruction question in asked)
        {
            decoder.Decode(frame, frame.Find(question.Kind)!);
        }

        return frame;
    }

    private void Add(Percept found, Percept right)
    {
        switch (TaskForms.Of(right.Kind).Measure)
        {
            case AnswerMeasure.Depth:
                AddDepth(found.Depth, right.Depth);
                break;
            case AnswerMeasure.Labels:
                _labels += right.Labels.Length;
                _sameLabels += Same(found.Labels, right.Labels);
                break;
            default:
                _colours += right.PaintingBytes.Length;
                _colour += Difference(found.PaintingBytes, right.PaintingBytes);
                break;
        }

        if (right.PainterGaveConfidence)
        {
            _confidences += right.Confidence.Length;
            for (int i = 0; i < right.Confidence.Length; i++)
            {
                float difference = Math.Abs(found.Confidence[i] - right.Confidence[i]);
                _confidence += float.IsNaN(difference) ? 1 : difference;
            }
        }
    }

    private void AddDepth(ReadOnlySpan<float> found, ReadOnlySpan<float> right)
    {
        for (int i = 0; i < right.Length; i++)
        {
            bool measured = float.IsFinite(found[i]) && found[i] > 0, should = float.IsFinite(right[i]) && right[i] > 0;
            if (measured && should)
            {
                double ratio = Math.Log(found[i] / (double)right[i]);
                _ratio.Add(ratio);
                _depth.Add(Math.Abs(ratio));
            }
            else if (measured || should)
            {
                _depth.Add(OnlyOne);
            }
        }
    }

    private ParityFigures Figures()
    {
        _depth.Sort();
        _ratio.Sort();
        return new ParityFigures(
            _depth.Count == 0 ? null : _depth[_depth.Count / 2],
            _depth.Count == 0 ? null : _depth[(int)(_depth.Count * 0.99)],
            _depth.Count == 0 ? null : _ratio.Count == 0 ? double.MaxValue : Math.Exp(_ratio[_ratio.Count / 2]),
            _labels == 0 ? null : _sameLabels / (double)_labels,
            _colours == 0 ? null : _colour / _colours / 255,
            _confidences == 0 ? null : _confidence / _confidences);
    }

    private static long Same(ReadOnlySpan<ushort> found, ReadOnlySpan<ushort> right)
    {
        long same = 0;
        for (int i = 0; i < right.Length; i++)
        {
            same += found[i] == right[i] ? 1 : 0;
        }

        return same;
    }

    private static double Difference(ReadOnlySpan<byte> found, ReadOnlySpan<byte> right)
    {
        double sum = 0;
        for (int i = 0; i < right.Length; i++)
        {
            sum += Math.Abs(found[i] - right[i]);
        }

        return sum;
    }
}
