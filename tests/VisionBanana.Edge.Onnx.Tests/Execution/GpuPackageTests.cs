using Microsoft.ML.OnnxRuntime;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Tests.Execution;

/// <summary>ONNX Runtime for GPUs on a machine without one: its real libraries, its real errors. The package comes with <c>eng/gpu</c>.</summary>
public sealed class GpuPackageTests
{
    private static string? Library
    {
        get
        {
            string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            string versions = Path.Combine(packages, "microsoft.ml.onnxruntime.gpu.linux");
            return Directory.Exists(versions)
                ? Directory.GetFiles(versions, "libonnxruntime.so", SearchOption.AllDirectories).Order(StringComparer.Ordinal).LastOrDefault()
                : null;
        }
    }

    [Fact]
    public async Task Load_GpuPackageWithoutCuda_NamesTheLibrariesThatItReallyNeeds()
    {
        Assert.SkipWhen(Library is null, "the package Microsoft.ML.OnnxRuntime.Gpu.Linux is not here: eng/gpu brings it");
        Assert.SkipWhen(GpuLibraries.OfThisMachine.Cuda is not null, "this machine has CUDA");

        await OwnProcess.RunAsync(AppContext.BaseDirectory, nameof(Load_InAProcessWithTheGpuPackage), ("VBEDGE_ONNXRUNTIME", Library!));
    }

    /// <summary>Explicit: it runs in a process whose native library is that of the GPU package.</summary>
    [Fact(Explicit = true)]
    public void Load_InAProcessWithTheGpuPackage()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load(new ExecutionOptions());
        using PerceptionFrame frame = TestFrames.Gradient();
        painter.Paint(frame, [Instruction.MetricDepth()]);

        Assert.NotNull(frame.Find(PerceptKind.Depth));
        Assert.Equal([ProviderOutcome.Failed, ProviderOutcome.Failed, ProviderOutcome.Running], painter.ProviderReport.Select(a => a.Outcome));
        Assert.All(painter.ProviderReport.Take(2), a => Assert.Matches(@"^libcublas(Lt)?\.so\.13 was not found; install the libraries of CUDA 13", a.Message));
    }

    [Fact]
    public async Task UpdateOptions_WhatTheProvidersAreTold_IsTakenByTheRealLibrary()
    {
        Assert.SkipWhen(Library is null, "the package Microsoft.ML.OnnxRuntime.Gpu.Linux is not here: eng/gpu brings it");
        Assert.SkipWhen(GpuLibraries.OfThisMachine.Cuda is not null, "this machine has CUDA");

        await OwnProcess.RunAsync(AppContext.BaseDirectory, nameof(UpdateOptions_InAProcessWithTheGpuPackage), ("VBEDGE_ONNXRUNTIME", Library!));
    }

    /// <summary>
    /// Explicit: it runs in a process whose native library is that of the GPU package. It looks at names and values only with CUDA at hand; an empty value is
    /// refused before.
    /// </summary>
    [Fact(Explicit = true)]
    public void UpdateOptions_InAProcessWithTheGpuPackage()
    {
        Assert.StartsWith("1.31", OnnxRuntimeVersion.Native(), StringComparison.Ordinal);
        var variant = new ModelVariant(new ModelFile("m.onnx", "", ModelPrecision.Fp32), ModelPrecision.Fp16);
        Dictionary<string, string> settings = GpuSettings.TensorRt(new ExecutionOptions(), variant,
            PaintingRunner.ProfileOf(new PainterTensors("palette", "task", "focal_ratio", null, 64)));
        Dictionary<string, string>[] all =
        [
            GpuSettings.TensorRtBuild(settings, "/c/model.onnx", "/c/timing"), GpuSettings.TensorRtLoad(settings, null),
                GpuSettings.TensorRtLoad(settings, "/c/entry"),
        ];

        Assert.All(all, told => Assert.Contains("libcublas", Told(() => new OrtTensorRTProviderOptions(), o => o.UpdateOptions(told)),
            StringComparison.Ordinal));
        Assert.Contains("key/value cannot be empty",
            Told(() => new OrtTensorRTProviderOptions(), o => o.UpdateOptions(new() { ["trt_engine_cache_path"] = "" })), StringComparison.Ordinal);

        Assert.Contains("libcublas", Told(() => new OrtCUDAProviderOptions(), o => o.UpdateOptions(GpuSettings.Cuda(new ExecutionOptions()))),
            StringComparison.Ordinal);
    }

    private static string Told<T>(Func<T> create, Action<T> use)
        where T : IDisposable
    {
        using T options = create();
        return Assert.Throws<OnnxRuntimeException>(() => use(options)).Message;
    }
}
