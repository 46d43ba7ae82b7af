using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Benchmarks.Onnx;

/// <summary>The model that is measured: <c>VBEDGE_BENCH_MODEL</c>, or the bundled painter found from here upwards.</summary>
internal static class BenchmarkModel
{
    public static ModelPackage Open()
    {
        if (Environment.GetEnvironmentVariable("VBEDGE_BENCH_MODEL") is { Length: > 0 } chosen)
        {
            return ModelPackage.Open(chosen);
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string package = Path.Combine(folder.FullName, "models", "painter-s");
            if (File.Exists(Path.Combine(package, ModelManifest.FileName)))
            {
                return ModelPackage.Open(package);
            }
        }

        throw new InvalidOperationException("No models/painter-s above the benchmark; name a package folder with VBEDGE_BENCH_MODEL.");
    }
}
