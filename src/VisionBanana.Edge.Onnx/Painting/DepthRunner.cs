using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>Runs a graph whose answer is a plane of depth or inverse depth.</summary>
internal sealed class DepthRunner : GraphRunner
{
    private readonly GraphBinding _binding;
    private readonly PinnedTensor<float> _depth;
    private readonly PinnedTensor<float>? _confidence;
    private readonly NearestResize _resize;
    private readonly NearestResize? _resizeConfidence;
    private readonly PinnedTensor<float>? _sky;
    private readonly NearestResize? _resizeSky;
    private readonly float[] _skyAtSize = [];
    private readonly KnownClasses _classes;

    public DepthRunner(ModelManifest manifest, IGraphEngine engine, TensorMemory memory)
        : base(manifest, engine, memory)
    {
        _classes = new KnownClasses(manifest);
        var probe = new OutputProbe(manifest, engine, Inputs, memory);
        (_depth, _resize) = probe.PlaneOf(manifest.Output.Tensor);
        _binding = engine.Bind(memory);
        BindInputs(_binding);
        _binding.BindOutput(manifest.Output.Tensor, _depth);
        if (manifest.Output.Confidence is { } name)
        {
            (_confidence, _resizeConfidence) = probe.PlaneOf(name);
            _binding.BindOutput(name, _confidence);
        }

        if (manifest.Output.Sky is { } sky)
        {
            (_sky, _resizeSky) = probe.PlaneOf(sky);
            _skyAtSize = new float[Width * Height];
            _binding.BindOutput(sky, _sky);
        }
    }

    public override string? WhyNot(Instruction instruction) => _classes.WhyNot(instruction, instruction.Kind == PerceptKind.Depth);

    public override void WarmUp() => Run(_binding);

    public override void Answer(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, float focalRatio)
    {
        Require(instructions);
        Run(_binding);
        for (int i = 0; i < instructions.Count; i++)
        {
            Percept percept = frame.Add(instructions[i]);
            ModelOutput output = Manifest.Output;
            _resize.Apply(_depth.Span, percept.Depth);
            if (output.Kind == OutputKind.InverseDepth)
            {
                Planes.ToDepthFromInverse(percept.Depth, (float)output.Scale, (float)output.Shift, focalRatio);
            }
            else
            {
                Planes.ToDepth(percept.Depth, (float)output.Scale * focalRatio);
            }

            if (_sky is not null)
            {
                _resizeSky!.Apply<float>(_sky.Span, _skyAtSize);
                Planes.SetTooFar(percept.Depth, _skyAtSize, (float)output.SkyAbove);
            }

            Complete(percept, _confidence, _resizeConfidence);
        }
    }

    public override void RunBare(int instructions) => RunAlone(_binding);

    public override void Dispose()
    {
        _binding.Dispose();
        _depth.Dispose();
        _confidence?.Dispose();
        _sky?.Dispose();
        base.Dispose();
    }
}
