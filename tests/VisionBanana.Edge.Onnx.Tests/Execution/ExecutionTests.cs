using Microsoft.ML.OnnxRuntime;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Onnx.Tests.Execution;

/// <summary>The ladder with the real CPU package, which has neither TensorRT nor CUDA.</summary>
public sealed class ExecutionTests
{
    [Fact]
    public void Load_DefaultLadderOnTheCpuPackage_FallsToTheProcessorAndKeepsTheReasons()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load(new ExecutionOptions());

        Assert.Equal("cpu", painter.Description.Provider);
        Assert.Equal(
            [ExecutionProvider.TensorRt, ExecutionProvider.Cuda, ExecutionProvider.Cpu], painter.ProviderReport.Select(a => a.Provider));
        Assert.Equal(
            [ProviderOutcome.Failed, ProviderOutcome.Failed, ProviderOutcome.Running], painter.ProviderReport.Select(a => a.Outcome));
        Assert.All(painter.ProviderReport.Take(2), a => Assert.Contains("-p:OnnxRuntime=Gpu", a.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_CpuFirst_DoesNotTryTheRest()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load(new ExecutionOptions { Prefer = [ExecutionProvider.Cpu, ExecutionProvider.Cuda], Threads = 2 });

        Assert.Equal("runs fp32 on 2 threads", painter.ProviderReport[0].Message);
        Assert.Equal(ProviderOutcome.NotTried, painter.ProviderReport[1].Outcome);
    }

    [Theory]
    [InlineData(ExecutionProvider.TensorRt, "tensorrt")]
    [InlineData(ExecutionProvider.Cuda, "cuda")]
    public void Load_RequiredProviderMissing_FailsInsteadOfFalling(ExecutionProvider provider, string name)
    {
        using var model = TestModel.Painter();

        var error = Assert.Throws<InferenceException>(() => model.Load(new ExecutionOptions { Require = provider }));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains("-p:OnnxRuntime=Gpu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_PrecisionThatThePackageLacks_ListsTheOnesItHas()
    {
        using var model = TestModel.Painter();

        var error = Assert.Throws<ConfigurationException>(() => model.Load(new ExecutionOptions { Precision = ModelPrecision.Int8 }));

        Assert.Contains("no int8 file; it has fp32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsExpected_WhatTheCpuPackageThrows_IsCaught()
    {
        using var options = new SessionOptions();
        Exception[] thrown =
        [
            Record.Exception(() => new OrtTensorRTProviderOptions())!,
            Record.Exception(() => options.AppendExecutionProvider_CUDA(0))!,
            Record.Exception(() => options.AppendExecutionProvider_Tensorrt(0))!,
        ];

        Assert.All(thrown, e => Assert.True(ProviderFailure.IsExpected(e), e?.GetType().Name));
        Assert.All(thrown, e => Assert.Contains("-p:OnnxRuntime=Gpu", ProviderFailure.Explain(ExecutionProvider.Cuda, e), StringComparison.Ordinal));

        // The options that refused them still run on the processor.
        using var session = new InferenceSession(TestModel.GraphPath("painter"), options);
        Assert.NotEmpty(session.OutputNames);
    }

    /// <summary>Messages of a machine with a GPU: simulated. Those of a machine without one are real, see <see cref="GpuPackageTests"/>.</summary>
    [Theory]
    [InlineData("error: libcublasLt.so.12: cannot open shared object file: No such file or directory",
        "libcublasLt.so.12 was not found; install the libraries of CUDA 12")]
    [InlineData("error: libcurand.so.10: cannot open shared object file: No such file or directory", "libcurand.so.10 was not found; install the CUDA runtime")]
    [InlineData("Failed to load library with error: libcudnn.so.9: cannot open shared object file: No such file or directory",
        "libcudnn.so.9 was not found; install cuDNN")]
    [InlineData("libnvinfer.so.10: cannot open shared object file: No such file or directory", "libnvinfer.so.10 was not found; install TensorRT")]
    [InlineData("libcuda.so.1: cannot open shared object file", "libcuda.so.1 was not found; install the NVIDIA driver")]
    [InlineData("libonnxruntime_providers_shared.so: cannot open shared object file", "put it beside libonnxruntime.so")]
    [InlineData("CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version", "driver is too old")]
    [InlineData("CUDA failure 100: no CUDA-capable device is detected", "nvidia-smi")]
    [InlineData("CUDA error cudaErrorNoKernelImageForDevice:no kernel image is available for execution on the device", "CMAKE_CUDA_ARCHITECTURES=87")]
    [InlineData("CUDA failure 2: out of memory ; GPU=0", "too little free memory")]
    [InlineData("something else\nwith a second line", "does not start: something else; run vbedge doctor")]
    public void Explain_SimulatedNativeFailure_NamesWhatIsMissingAndTheRemedy(string said, string expected) =>
        Assert.Contains(expected, ProviderFailure.Explain(ExecutionProvider.TensorRt, new DllNotFoundException(said)), StringComparison.Ordinal);

    [Fact]
    public void ExplainRuntime_SimulatedMissingLibrary_SaysWhichPackageBringsIt()
    {
        var thrown = new TypeInitializationException("NativeMethods", new DllNotFoundException("Unable to load shared library 'onnxruntime'"));

        Assert.True(ProviderFailure.IsExpected(thrown));
        Assert.True(ProviderFailure.IsRuntimeMissing(thrown));
        string message = ProviderFailure.ExplainRuntime(thrown);
        Assert.Contains("Microsoft.ML.OnnxRuntime", message, StringComparison.Ordinal);
        Assert.Contains("LD_LIBRARY_PATH", message, StringComparison.Ordinal);
        Assert.Contains("Unable to load shared library", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ExplainRuntime_SimulatedOldLibrary_GivesTheVersionExpected()
    {
        var thrown = new TypeInitializationException("NativeMethods", new InvalidOperationException("The requested API version [31] is not available"));

        Assert.True(ProviderFailure.IsRuntimeMissing(thrown));
        Assert.Matches(@"older than its managed part\. Expected version 1\.\d+\.\d+ or newer", ProviderFailure.ExplainRuntime(thrown));
    }

    [Fact]
    public void Read_FullSection_SetsEverything()
    {
        YamlSection section = YamlFile.Parse(
            """
            prefer: [cuda, cpu]
            require: cuda
            device_id: 1
            threads: 3
            spinning: true
            precision: fp16
            tensorrt: {workspace_mib: 512, builder_level: 5, dla_core: 1, cuda_graph: true}
            engine_cache: {folder: /var/cache/vbedge, limit_mib: 100, build: never}
            """, "test.yaml");

        ExecutionOptions options = ExecutionOptions.Read(section);

        section.Problems.ThrowIfAny();
        Assert.Equal([ExecutionProvider.Cuda, ExecutionProvider.Cpu], options.Prefer.AsEnumerable());
        Assert.Equal(
            new ExecutionOptions
            {
                Prefer = options.Prefer,
                Require = ExecutionProvider.Cuda,
                DeviceId = 1,
                Threads = 3,
                Spinning = true,
                Precision = ModelPrecision.Fp16,
                TensorRt = new TensorRtOptions { WorkspaceMib = 512, BuilderLevel = 5, DlaCore = 1, CudaGraph = true },
                EngineCache = new EngineCacheOptions { Folder = "/var/cache/vbedge", LimitMib = 100, Build = EngineBuildPolicy.Never },
            },
            options);
    }

    [Fact]
    public void Read_SevenMistakes_TellsAllOfThem()
    {
        YamlSection section = YamlFile.Parse(
            "prefer: [cuda, gpu]\nthreads: 0\nprecision: fp8\nspin: true\ntensorrt: {builder_level: 6, fp16: true}\nengine_cache: {build: always}\n",
                "test.yaml");

        ExecutionOptions.Read(section);

        Assert.Equal(7, section.Problems.Problems.Count);
    }

    [Fact]
    public void Read_Fp32OnADeepLearningAccelerator_SaysThatTheyContradict()
    {
        YamlSection section = YamlFile.Parse("precision: fp32\ntensorrt: {dla_core: 0}\n", "test.yaml");

        ExecutionOptions.Read(section);

        Assert.Contains("computes in fp16 or int8", Assert.Single(section.Problems.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void CountCores_HyperThreads_CountOncePerCore()
    {
        string folder = Directory.CreateTempSubdirectory("vbedge-cpu-").FullName;
        try
        {
            foreach ((string cpu, string siblings) in (ReadOnlySpan<(string, string)>)[("cpu0", "0,2"), ("cpu1", "1,3"), ("cpu2", "0,2"), ("cpu3", "1,3")])
            {
                Directory.CreateDirectory(Path.Combine(folder, cpu, "topology"));
                File.WriteAllText(Path.Combine(folder, cpu, "topology", "thread_siblings_list"), siblings + "\n");
            }

            Directory.CreateDirectory(Path.Combine(folder, "cpufreq"));
            Assert.Equal(2, ProcessorTopology.CountCores(folder, 4));
            Assert.Equal(1, ProcessorTopology.CountCores(folder, 1));
            Assert.Equal(3, ProcessorTopology.CountCores(Path.Combine(folder, "absent"), 3));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
