using System.Numerics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>Runs a graph whose answer is a score per class: the best class per pixel, its softmax as confidence.</summary>
internal sealed class LogitsRunner : GraphRunner
{
    private const int Capacity = 64;

    private readonly GraphBinding _binding;
    private readonly PinnedTensor<float> _logits;
    private readonly NearestResize _resize;
    private readonly int _channels;
    private readonly int _pixels;
    private readonly int[] _best;
    private readonly float[] _chance;
    private readonly ushort[] _labels;
    private readonly KnownClasses _classes;
    private readonly Dictionary<Instruction, ushort[]> _labelOfChannel = [];

    public LogitsRunner(ModelManifest manifest, IGraphEngine engine, TensorMemory memory)
        : base(manifest, engine, memory)
    {
        _classes = new KnownClasses(manifest);
        var probe = new OutputProbe(manifest, engine, Inputs, memory);
        int padding = Vector<float>.Count;
        (_logits, _channels, _pixels, _resize) = probe.ChannelsOf(manifest.Output.Tensor, manifest.Classes.Max(c => c.Id) + 1, padding);
        _best = new int[_pixels + padding];
        _chance = new float[_pixels + padding];
        _labels = new ushort[_pixels];
        _binding = engine.Bind(memory);
        BindInputs(_binding);
        _binding.BindOutput(manifest.Output.Tensor, _logits);
    }

    public override string? WhyNot(Instruction instruction) =>
        _classes.WhyNot(instruction, instruction.Kind is PerceptKind.Labels or PerceptKind.Mask);

    public override void WarmUp() => Run(_binding);

    public override void Answer(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, float focalRatio)
    {
        Require(instructions);
        Run(_binding);
        FindBest();
        for (int i = 0; i < instructions.Count; i++)
        {
            ushort[] labelOf = LabelsOf(instructions[i]);
            Percept percept = frame.Add(instructions[i]);
            for (int p = 0; p < _pixels; p++)
            {
                _labels[p] = labelOf[_best[p]];
            }

            _resize.Apply<ushort>(_labels, percept.Labels);
            _resize.Apply<float>(_chance, percept.Confidence);
            percept.PainterGaveConfidence = true;
            percept.PainterGaveValues = true;
        }
    }

    public override void RunBare(int instructions) => RunAlone(_binding);

    public override void Dispose()
    {
        _binding.Dispose();
        _logits.Dispose();
        base.Dispose();
    }

    /// <summary>Per pixel the channel with the highest score, and its softmax 1 / Σ exp(score − highest).</summary>
    private void FindBest()
    {
        Span<float> scores = _logits.Padded;
        for (int p = 0; p < _pixels; p += Vector<float>.Count)
        {
            var highest = new Vector<float>(scores[p..]);
            Vector<int> channel = Vector<int>.Zero;
            for (int c = 1; c < _channels; c++)
            {
                var score = new Vector<float>(scores[((c * _pixels) + p)..]);
                Vector<int> higher = Vector.GreaterThan(score, highest);
                highest = Vector.ConditionalSelect(higher, score, highest);
                channel = Vector.ConditionalSelect(higher, new Vector<int>(c), channel);
            }

            Vector<float> sum = Vector<float>.Zero;
            for (int c = 0; c < _channels; c++)
            {
                sum += Vector.Exp(new Vector<float>(scores[((c * _pixels) + p)..]) - highest);
            }

            channel.CopyTo(_best, p);
            Vector.ConditionalSelect(Vector.GreaterThan(sum, Vector<float>.Zero), Vector<float>.One / sum, Vector<float>.Zero).CopyTo(_chance, p);
        }
    }

    private ushort[] LabelsOf(Instruction instruction)
    {
        if (_labelOfChannel.TryGetValue(instruction, out ushort[]? known))
        {
            return known;
        }

        var labels = new ushort[_channels];
        switch (instruction)
        {
            case SemanticInstruction { Palette: var palette }:
                Array.Fill(labels, palette.Background >= 0 ? (ushort)palette[palette.Background].Id : LabelPlane.Unknown);
                foreach ((int id, LabelColour asked) in _classes.Asked(palette))
                {
                    labels[id] = (ushort)asked.Id;
                }

                break;
            case ReferringInstruction referring when _classes.TryFindPhrase(referring.Phrase, out LabelColour? found):
                labels[found.Value.Id] = 1;
                break;
        }

        if (_labelOfChannel.Count == Capacity)
        {
            _labelOfChannel.Clear();
        }

        _labelOfChannel.Add(instruction, labels);
        return labels;
    }
}
