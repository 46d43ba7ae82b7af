using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>The bound tensors for one number of instructions asked together.</summary>
internal sealed class PaintingBatch : IDisposable
{
    private readonly PinnedTensor<float> _palette;
    private readonly PinnedTensor<long> _task;
    private readonly PinnedTensor<float> _painting;
    private readonly PinnedTensor<float>? _confidence;
    private readonly Instruction?[] _loaded;
    private readonly int _paletteLength;
    private readonly int _pixels;

    public PaintingBatch(
        int count, ModelManifest manifest, IGraphEngine engine, TensorMemory memory, PinnedTensor<float> image, PinnedTensor<float> focalRatio,
            PinnedTensor<float>? geometry)
    {
        PainterTensors painter = manifest.Painter!;
        int width = manifest.Input.Width, height = manifest.Input.Height;
        _pixels = width * height;
        _paletteLength = painter.Slots * 3;
        _loaded = new Instruction?[count];
        _palette = memory.Create<float>([count, painter.Slots, 3]);
        _task = memory.Create<long>([count]);
        _painting = memory.Create<float>([count, 3, height, width]);
        Binding = engine.Bind(memory);
        Binding.BindInput(manifest.Input.Tensor, image);
        Binding.BindInput(painter.Palette, _palette);
        Binding.BindInput(painter.Task, _task);
        Binding.BindInput(painter.FocalRatio, focalRatio);
        if (painter.Geometry is { } name && geometry is not null)
        {
            Binding.BindInput(name, geometry);
        }

        Binding.BindOutput(manifest.Output.Tensor, _painting);
        if (manifest.Output.Confidence is { } confidence)
        {
            _confidence = memory.Create<float>([count, 1, height, width]);
            Binding.BindOutput(confidence, _confidence);
        }
    }

    public GraphBinding Binding { get; }

    public bool HasConfidence => _confidence is not null;

    /// <summary>The painting of an instruction: planes of red, green, blue in 0–1.</summary>
    public ReadOnlySpan<float> PaintingOf(int index) => _painting.Span.Slice(index * _pixels * 3, _pixels * 3);

    /// <summary>The confidence of an instruction; only when <see cref="HasConfidence"/>.</summary>
    public ReadOnlySpan<float> ConfidenceOf(int index) => _confidence!.Span.Slice(index * _pixels, _pixels);

    /// <summary>Puts an instruction in its place, unless it is already there.</summary>
    public void Set(int index, Instruction instruction, PaletteBook book)
    {
        if (ReferenceEquals(_loaded[index], instruction))
        {
            return;
        }

        PreparedInstruction prepared = book.Prepare(instruction);
        prepared.Palette.CopyTo(_palette.Span.Slice(index * _paletteLength, _paletteLength));
        _task.Span[index] = prepared.Task;
        _loaded[index] = instruction;
    }

    public void Dispose()
    {
        Binding.Dispose();
        _palette.Dispose();
        _task.Dispose();
        _painting.Dispose();
        _confidence?.Dispose();
    }
}
