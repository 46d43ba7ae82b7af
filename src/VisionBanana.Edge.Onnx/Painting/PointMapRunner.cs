using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>Runs a graph whose answer is a point for every pixel, in the optical frame; depth is its z.</summary>
internal sealed class PointMapRunner : GraphRunner
{
    private readonly GraphBinding _binding;
    private readonly PinnedTensor<float> _points;
    private readonly PinnedTensor<float>? _scale, _confidence;
    private readonly NearestResize _resize;
    private readonly NearestResize? _resizeConfidence;
    private readonly KnownClasses _classes;
    private readonly PointMap _map;
    private readonly float[] _depth;
    private CameraIntrinsics? _camera;

    public PointMapRunner(ModelManifest manifest, IGraphEngine engine, TensorMemory memory)
        : base(manifest, engine, memory)
    {
        _classes = new KnownClasses(manifest);
        var probe = new OutputProbe(manifest, engine, Inputs, memory);
        (_points, int width, int height, bool interleaved, _resize) = probe.PointsOf(manifest.Output.Tensor);
        _map = new PointMap(width, height, interleaved);
        _depth = new float[width * height];
        _binding = engine.Bind(memory);
        BindInputs(_binding);
        _binding.BindOutput(manifest.Output.Tensor, _points);
        if (manifest.Output.ScaleTensor is { } scale)
        {
            _scale = probe.NumberOf(scale);
            _binding.BindOutput(scale, _scale);
        }

        if (manifest.Output.Confidence is { } confidence)
        {
            (_confidence, _resizeConfidence) = probe.PlaneOf(confidence);
            _binding.BindOutput(confidence, _confidence);
        }
    }

    public override string? WhyNot(Instruction instruction) => _classes.WhyNot(instruction, instruction.Kind == PerceptKind.Depth);

    public override void WarmUp() => Run(_binding);

    public override void SetCamera(CameraIntrinsics? camera, SupportPlane? support, float focalRatio)
    {
        base.SetCamera(camera, support, focalRatio);
        _camera = camera;
    }

    public override void Answer(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, float focalRatio)
    {
        Require(instructions);
        Run(_binding);
        ModelOutput output = Manifest.Output;
        ReadOnlySpan<float> trust = _confidence is not null && _confidence.Span.Length == _depth.Length ? _confidence.Span : [];
        double shift = output.RecoversShift && _camera is not null ? _map.ShiftFor(_points.Span, trust, _camera) : 0;
        float factor = (float)output.Scale * focalRatio * (_scale?.Span[0] ?? 1);
        _map.ToDepth(_points.Span, output.RecoversShift ? trust : [], (float)shift, factor, _depth);
        for (int i = 0; i < instructions.Count; i++)
        {
            Percept percept = frame.Add(instructions[i]);
            _resize.Apply<float>(_depth, percept.Depth);
            Complete(percept, _confidence, _resizeConfidence);
        }
    }

    public override void RunBare(int instructions) => RunAlone(_binding);

    public override void Dispose()
    {
        _binding.Dispose();
        _points.Dispose();
        _scale?.Dispose();
        _confidence?.Dispose();
        base.Dispose();
    }
}
