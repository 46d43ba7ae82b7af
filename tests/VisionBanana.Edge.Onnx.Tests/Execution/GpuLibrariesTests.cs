using VisionBanana.Edge.Onnx.Execution;

namespace VisionBanana.Edge.Onnx.Tests.Execution;

public sealed class GpuLibrariesTests
{
    [Theory]
    [InlineData(12060, "12.6")]
    [InlineData(13000, "13.0")]
    [InlineData(11080, "11.8")]
    public void CudaVersion_ItsNumber_IsMajorAndMinor(int number, string version) => Assert.Equal(version, GpuLibraries.CudaVersion(number));

    [Theory]
    [InlineData(90300, "9.3.0")]
    [InlineData(91002, "9.10.2")]
    [InlineData(8907, "8.9.7")]
    public void CuDnnVersion_ItsNumber_IsReadInBothSchemes(long number, string version) => Assert.Equal(version, GpuLibraries.CuDnnVersion(number));

    [Theory]
    [InlineData(100300, "10.3.0")]
    [InlineData(101303, "10.13.3")]
    [InlineData(8601, "8.6.1")]
    public void TensorRtVersion_ItsNumber_IsReadInBothSchemes(int number, string version) => Assert.Equal(version, GpuLibraries.TensorRtVersion(number));

    [Fact]
    public void ReadDriverVersion_SentenceOfTheKernelModule_FindsTheNumber()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["version"], "NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  540.4.0  Release Build  "
            + "(buildbrain@mobile-u64)\nGCC version:  gcc version 11.4.0\n");
        File.WriteAllText(folder["module"], "560.35.03\n");

        Assert.Equal("540.4.0", GpuLibraries.ReadDriverVersion(folder["absent"], folder["version"]));
        Assert.Equal("560.35.03", GpuLibraries.ReadDriverVersion(folder["module"], folder["version"]));
        Assert.Null(GpuLibraries.ReadDriverVersion(folder["absent"], folder["absent"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task Probe_SimulatedLibraries_AreAskedForTheirVersions(int cuInit)
    {
        Assert.SkipWhen(SimulatedNative.WhyNot is not null, SimulatedNative.WhyNot ?? "");
        using var folder = new TestFolder();
        foreach (string name in (string[])["libcuda.so.1", "libcudart.so.12", "libcudnn.so.9", "libnvinfer.so.10"])
        {
            SimulatedNative.Compile("simulated_nvidia.c", folder[name], FormattableString.Invariant($"-DSIMULATED_CUINIT={cuInit}"));
        }

        await OwnProcess.RunAsync(
            AppContext.BaseDirectory, nameof(Probe_InAProcessWithSimulatedLibraries),
            ("LD_LIBRARY_PATH", folder.Path), ("SIMULATED_CUINIT", FormattableString.Invariant($"{cuInit}")));
    }

    /// <summary>Explicit: it runs in a process whose library path holds the simulated libraries.</summary>
    [Fact(Explicit = true)]
    public void Probe_InAProcessWithSimulatedLibraries()
    {
        GpuLibraries found = GpuLibraries.OfThisMachine;

        Assert.Equal(("12.6", "12.6", "9.3.0", "10.3.0"), (found.CudaOfDriver, found.Cuda, found.CuDnn, found.TensorRt));
        if (Environment.GetEnvironmentVariable("SIMULATED_CUINIT") == "0")
        {
            Assert.Equal([new GpuDevice("Simulated Orin", "8.7")], found.Devices);
            Assert.Null(found.Problem);
        }
        else
        {
            Assert.Empty(found.Devices);
            Assert.Equal("the CUDA driver does not start (cuInit gave 100)", found.Problem);
        }
    }
}
