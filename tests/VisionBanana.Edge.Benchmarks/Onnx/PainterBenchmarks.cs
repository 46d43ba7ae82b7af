using BenchmarkDotNet.Attributes;
using Microsoft.ML.OnnxRuntime;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Benchmarks.Onnx;

/// <summary>
/// One picture through the painter, against the bare session with everything bound: the ratio is what the SDK adds around the model
/// (normalisation, palettes, conversion to 8 bits, confidence). Two threads, as on the smallest machine it runs on.
/// </summary>
[InProcess]
[MemoryDiagnoser]
public class PainterBenchmarks : IDisposable
{
    private OnnxPainter _painter = null!;
    private readonly TensorMemory _memory = TensorMemory.Shared();
    private InferenceSession _session = null!;
    private PinnedTensor<float> _image = null!;
    private PinnedTensor<float> _focalRatio = null!;
    private PinnedTensor<float> _geometry = null!;
    private PaintingBatch _batch = null!;
    private RunOptions _run = null!;
    private PerceptionFrame _frame = null!;
    private LeasePool<PerceptionFrame> _pool = null!;
    private CameraIntrinsics _camera = null!;
    private byte[] _picture = null!;
    private Instruction[] _instructions = null!;

    [Params(1, 2, 3)]
    public int Instructions { get; set; }

    [GlobalSetup]
    public void Open()
    {
        ModelPackage package = BenchmarkModel.Open();
        ModelManifest manifest = package.Manifest;
        var options = new ExecutionOptions { Prefer = [ExecutionProvider.Cpu], Threads = 2 };
        _painter = OnnxPainter.Load(package, options);
        _instructions =
            [.. ((Instruction[])[Instruction.MetricDepth(), Instruction.Semantic(manifest.Classes), Instruction.SurfaceNormals()]).Take(Instructions)];
        int width = manifest.Input.Width, height = manifest.Input.Height;
        _camera = CameraIntrinsics.FromHorizontalFov(width, height, manifest.Camera.HorizontalFovDegrees ?? 60);
        _pool = PerceptionFrame.CreatePool(1, width, height);
        _picture = new byte[width * height * 3];
        new Random(1).NextBytes(_picture);

        _session = _painter.Session.Session;
        _run = new RunOptions();
        _image = _memory.Create<float>([1, 3, height, width]);
        _focalRatio = _memory.Create<float>([1]);
        _geometry = _memory.Create<float>([1, 5, height, width]);
        _focalRatio.Span[0] = 1;
        _batch = new PaintingBatch(Instructions, manifest, new LocalGraph(_painter.Session), _memory, _image, _focalRatio,
            manifest.Painter!.Geometry is null ? null : _geometry);
        var book = new PaletteBook(manifest);
        for (int i = 0; i < Instructions; i++)
        {
            _batch.Set(i, _instructions[i], book);
        }
    }

    [Benchmark(Baseline = true)]
    public void BareSession() => _session.RunWithBinding(_run, _batch.Binding.Native!);

    [Benchmark]
    public void Paint()
    {
        _pool.TryRent(out _frame!);
        _picture.CopyTo(_frame.ColorBytes);
        _frame.Intrinsics = _camera;
        _painter.Paint(_frame, _instructions);
        _frame.Dispose();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _painter?.Dispose();
        _batch?.Dispose();
        _image?.Dispose();
        _focalRatio?.Dispose();
        _geometry?.Dispose();
        _run?.Dispose();
        _memory.Dispose();
        GC.SuppressFinalize(this);
    }
}
