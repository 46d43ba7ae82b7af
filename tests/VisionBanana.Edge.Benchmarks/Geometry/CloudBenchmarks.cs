using BenchmarkDotNet.Attributes;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Benchmarks.Geometry;

/// <summary>640 × 480. The baseline copies as many bytes as a cloud moves: 13 in and 24 out per pixel, as 18.5 in and 18.5 out.</summary>
[MemoryDiagnoser]
public class CloudBenchmarks
{
    private const int Width = 640;
    private const int Height = 480;
    private const int Pixels = Width * Height;

    private readonly byte[] _from = new byte[Pixels * 37 / 2];
    private readonly byte[] _to = new byte[Pixels * 37 / 2];
    private readonly ushort[] _millimetres = new ushort[Pixels];
    private readonly PointCloudBuilder _builder = new(new CloudOptions { MinConfidence = 0.5f, MaxDepthM = 8 });
    private PerceptionFrame _frame = null!;

    [GlobalSetup]
    public void Setup()
    {
        PerceptionFrame.CreatePool(1, Width, Height).TryRent(out PerceptionFrame? frame);
        _frame = frame!;
        _frame.Intrinsics = CameraIntrinsics.FromHorizontalFov(Width, Height, 60);
        Percept depth = _frame.Add(Instruction.MetricDepth());
        Percept labels = _frame.Add(Instruction.Semantic(new LabelPalette([new LabelColour(0, "background", default)])));
        var random = new Random(1);
        for (int i = 0; i < Pixels; i++)
        {
            depth.Depth[i] = random.NextSingle() * 10;
            depth.Confidence[i] = random.NextSingle();
            labels.Labels[i] = (ushort)(i % 12);
        }
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _from.AsSpan().CopyTo(_to);

    [Benchmark]
    public bool BuildCloud() => _builder.Build(_frame);

    [Benchmark]
    public void ToMillimetres() => DepthImage.ToMillimetres(_frame.Find(PerceptKind.Depth)!.Depth, _millimetres);
}
