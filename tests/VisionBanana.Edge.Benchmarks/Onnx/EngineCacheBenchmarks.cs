using BenchmarkDotNet.Attributes;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Benchmarks.Onnx;

/// <summary>What a cached graph saves on the processor: opening the model and its first run, with and without.</summary>
public class EngineCacheBenchmarks
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vbedge-engines-").FullName;
    private ModelPackage _package = null!;

    [GlobalSetup]
    public void Build()
    {
        _package = BenchmarkModel.Open();
        OnnxPainter.BuildEngine(_package, Options(_folder));
    }

    [Benchmark(Baseline = true)]
    public void FromTheModel() => OnnxPainter.Load(_package, Options(Path.Combine(_folder, "none"))).Dispose();

    [Benchmark]
    public void FromTheCachedGraph() => OnnxPainter.Load(_package, Options(_folder)).Dispose();

    [GlobalCleanup]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    private static ExecutionOptions Options(string folder) => new()
    {
        Prefer = [ExecutionProvider.Cpu],
        Threads = 2,
        Precision = ModelPrecision.Fp32,
        EngineCache = new EngineCacheOptions { Folder = folder },
    };
}
