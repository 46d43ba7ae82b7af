using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>
/// Runs a detector with masks: each object is where its prototypes add up to more than 0, inside its box; the better one owns what two claim.
/// </summary>
internal sealed class InstanceMasksRunner : GraphRunner
{
    private readonly GraphBinding _binding;
    private readonly PinnedTensor<float> _detections, _prototypes;
    private readonly DetectionTensor _reader;
    private readonly KnownClasses _classes;
    private readonly int _count, _maskWidth, _maskHeight;
    private readonly float[] _mask;
    private readonly List<DetectedObject> _objects = [];
    private readonly Dictionary<Instruction, int> _classOf = [];

    public InstanceMasksRunner(ModelManifest manifest, IGraphEngine engine, TensorMemory memory)
        : base(manifest, engine, memory)
    {
        _classes = new KnownClasses(manifest);
        var probe = new OutputProbe(manifest, engine, Inputs, memory);
        (_detections, long[] shape) = probe.TensorOf(manifest.Output.Tensor, 3);
        (_prototypes, long[] planes) = probe.TensorOf(manifest.Output.Prototypes!, 4);
        (_count, _maskHeight, _maskWidth) = ((int)planes[1], (int)planes[2], (int)planes[3]);
        _reader = new DetectionTensor(manifest, shape, _count);
        _mask = new float[_maskWidth * _maskHeight];
        _binding = engine.Bind(memory);
        BindInputs(_binding);
        _binding.BindOutput(manifest.Output.Tensor, _detections);
        _binding.BindOutput(manifest.Output.Prototypes!, _prototypes);
    }

    public override string? WhyNot(Instruction instruction) => _classes.WhyNot(instruction, instruction.Kind == PerceptKind.Instances);

    public override void WarmUp() => Run(_binding);

    public override void Answer(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, float focalRatio)
    {
        Require(instructions);
        Run(_binding);
        for (int i = 0; i < instructions.Count; i++)
        {
            Percept percept = frame.Add(instructions[i]);
            percept.Labels.Clear();
            percept.Confidence.Fill(1);
            _reader.Read(_detections.Span, ClassOf(instructions[i]), _objects);
            for (int k = 0; k < Math.Min(_objects.Count, LabelPlane.Unknown - 1); k++)
            {
                Paint(_objects[k], (ushort)(k + 1), percept);
            }

            percept.PainterGaveConfidence = true;
            percept.PainterGaveValues = true;
        }
    }

    public override void RunBare(int instructions) => RunAlone(_binding);

    public override void Dispose()
    {
        _binding.Dispose();
        _detections.Dispose();
        _prototypes.Dispose();
        base.Dispose();
    }

    private int ClassOf(Instruction instruction)
    {
        const int Capacity = 64;
        if (_classOf.TryGetValue(instruction, out int known))
        {
            return known;
        }

        int id = _classes.TryFindPhrase(((InstancesInstruction)instruction).ClassName, out LabelColour? found) ? found.Value.Id : -1;
        if (_classOf.Count == Capacity)
        {
            _classOf.Clear();
        }

        return _classOf[instruction] = id;
    }

    private void Paint(in DetectedObject found, ushort number, Percept percept)
    {
        // The box in pixels of the prototypes: what lies outside is cut off before the mask is enlarged, as the authors do.
        float x1 = found.X1 * _maskWidth / Width, x2 = found.X2 * _maskWidth / Width, y1 = found.Y1 * _maskHeight / Height,
            y2 = found.Y2 * _maskHeight / Height;
        ReadOnlySpan<float> detections = _detections.Span, prototypes = _prototypes.Span;
        Array.Clear(_mask);
        int left = Math.Clamp((int)MathF.Ceiling(x1), 0, _maskWidth), right = Math.Clamp((int)MathF.Ceiling(x2), 0, _maskWidth);
        for (int y = Math.Max(0, (int)MathF.Ceiling(y1)); y < _maskHeight && y < y2; y++)
        {
            Span<float> row = _mask.AsSpan((y * _maskWidth) + left, Math.Max(0, right - left));
            for (int k = 0; k < _count; k++)
            {
                float coefficient = detections[found.First + (k * found.Step)];
                ReadOnlySpan<float> prototype = prototypes.Slice((((k * _maskHeight) + y) * _maskWidth) + left, row.Length);
                for (int x = 0; x < row.Length; x++)
                {
                    row[x] += coefficient * prototype[x];
                }
            }
        }

        for (int y = 0; y < Height; y++)
        {
            float my = Math.Max(0, ((y + 0.5f) * _maskHeight / Height) - 0.5f);
            int y0 = Math.Min((int)my, _maskHeight - 1), yb = Math.Min(y0 + 1, _maskHeight - 1);
            for (int x = 0; x < Width; x++)
            {
                int i = (y * Width) + x;
                if (percept.Labels[i] != 0)
                {
                    continue;
                }

                float mx = Math.Max(0, ((x + 0.5f) * _maskWidth / Width) - 0.5f);
                int x0 = Math.Min((int)mx, _maskWidth - 1), xb = Math.Min(x0 + 1, _maskWidth - 1);
                float top = _mask[(y0 * _maskWidth) + x0] + ((mx - x0) * (_mask[(y0 * _maskWidth) + xb] - _mask[(y0 * _maskWidth) + x0]));
                float bottom = _mask[(yb * _maskWidth) + x0] + ((mx - x0) * (_mask[(yb * _maskWidth) + xb] - _mask[(yb * _maskWidth) + x0]));
                if (top + ((my - y0) * (bottom - top)) > 0)
                {
                    percept.Labels[i] = number;
                    percept.Confidence[i] = Math.Clamp(found.Score, 0, 1);
                }
            }
        }
    }
}
