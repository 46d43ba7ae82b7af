using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>Runs a graph that paints: all instructions of a picture in one run, on one encoding of the picture.</summary>
internal sealed class PaintingRunner : GraphRunner
{
    /// <summary>One instruction of each kind: more are never asked together.</summary>
    private static readonly int MostTogether = TaskForms.All.Length;

    private readonly PaletteBook _book;
    private readonly PinnedTensor<float> _focalRatio;
    private readonly GeometryTensor? _geometry;
    private readonly PaintingBatch?[] _batches = new PaintingBatch?[MostTogether + 1];
    private float _focal = 1;

    public PaintingRunner(ModelManifest manifest, IGraphEngine engine, TensorMemory memory)
        : base(manifest, engine, memory)
    {
        _book = new PaletteBook(manifest);
        _focalRatio = memory.Create<float>([1]);
        _focalRatio.Span[0] = _focal;
        _geometry = manifest.Painter!.Geometry is null ? null : new GeometryTensor(memory, Width, Height);
    }

    /// <summary>The shapes that vary with the number of instructions.</summary>
    public static ShapeProfile ProfileOf(PainterTensors painter) => new(Shapes(painter, 1), Shapes(painter, 1), Shapes(painter, MostTogether));

    public override string? WhyNot(Instruction instruction) => _book.WhyNot(instruction);

    public override void WarmUp()
    {
        PaintingBatch batch = BatchOf(1);
        batch.Set(0, TaskForms.All.First(form => form.IsIn(Manifest.Tasks)).Sample(Manifest), _book);
        Run(batch.Binding, 1);
    }

    public override void SetCamera(CameraIntrinsics? camera, SupportPlane? support, float focalRatio) => _geometry?.Set(support, camera, focalRatio);

    public override void Answer(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, float focalRatio)
    {
        int count = instructions.Count;
        if (count > MostTogether)
        {
            throw new InferenceException($"{Manifest.Name} answers at most {MostTogether} instructions for one picture, one of each kind; asked were {count}.");
        }

        PaintingBatch batch = BatchOf(count);
        for (int i = 0; i < count; i++)
        {
            batch.Set(i, instructions[i], _book);
        }

        if (_focal != focalRatio)
        {
            _focalRatio.Span[0] = _focal = focalRatio;
        }

        Run(batch.Binding, count);
        for (int i = 0; i < count; i++)
        {
            Percept percept = frame.Add(instructions[i]);
            RgbPlanes.ToRgb(batch.PaintingOf(i), percept.PaintingBytes);
            if (batch.HasConfidence)
            {
                Planes.CopyUnit(batch.ConfidenceOf(i), percept.Confidence);
                percept.PainterGaveConfidence = true;
            }
        }
    }

    public override void RunBare(int instructions)
    {
        int count = Math.Min(instructions, MostTogether);
        RunAlone(BatchOf(count).Binding, count);
    }

    public override void Dispose()
    {
        foreach (PaintingBatch? batch in _batches)
        {
            batch?.Dispose();
        }

        _focalRatio.Dispose();
        _geometry?.Dispose();
        base.Dispose();
    }

    private static string Shapes(PainterTensors painter, int count) => $"{painter.Palette}:{count}x{painter.Slots}x3,{painter.Task}:{count}";

    private PaintingBatch BatchOf(int count) =>
        _batches[count] ??= new PaintingBatch(count, Manifest, Engine, Memory, Image, _focalRatio, _geometry?.Tensor);
}
