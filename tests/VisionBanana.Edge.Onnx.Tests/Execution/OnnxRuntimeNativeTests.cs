using System.Runtime.InteropServices;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Onnx.Tests.Execution;

/// <summary>
/// How the native ONNX Runtime is found: with the real library of the CPU package in another place, and with simulated ones that are too old.
/// </summary>
public sealed class OnnxRuntimeNativeTests
{
    private const string LibraryName = "libonnxruntime.so";

    private static string RealLibrary => Directory.GetFiles(AppContext.BaseDirectory, LibraryName, SearchOption.AllDirectories)
        .Single(p => p.Contains(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64", StringComparison.Ordinal)
            || Path.GetDirectoryName(p) == Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    [Fact]
    public async Task Require_LibraryNamedByTheEnvironment_IsTheOneThatRuns()
    {
        // The application has natives of its own; the environment wins.
        using var elsewhere = new TestFolder();
        File.Copy(RealLibrary, elsewhere["brought.so"]);

        await OwnProcess.RunAsync(AppContext.BaseDirectory, nameof(Load_InAProcessWithTheVariable), ("VBEDGE_ONNXRUNTIME", elsewhere["brought.so"]));
    }

    [Fact]
    public async Task Require_FolderNamedByTheEnvironmentAndNoNativesAnywhere_IsTheOneThatRuns()
    {
        using var copy = new TestFolder();
        using var elsewhere = new TestFolder();
        OwnProcess.Copy(copy.Path, natives: false);
        File.Copy(RealLibrary, elsewhere[LibraryName + ".1.31"]);

        await OwnProcess.RunAsync(copy.Path, nameof(Load_InAProcessWithTheVariable), ("VBEDGE_ONNXRUNTIME", elsewhere.Path));
    }

    /// <summary>Explicit: it runs in a process that was given the variable.</summary>
    [Fact(Explicit = true)]
    public void Load_InAProcessWithTheVariable()
    {
        string named = Environment.GetEnvironmentVariable("VBEDGE_ONNXRUNTIME")!;
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();

        Assert.StartsWith(named, OnnxRuntimeVersion.NativePath(), StringComparison.Ordinal);
        string[] mapped = [.. File.ReadLines("/proc/self/maps").Select(l =>
            l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1]).Where(IsOnnxRuntime).Distinct()];
        Assert.StartsWith(named, Assert.Single(mapped), StringComparison.Ordinal);
        bool IsOnnxRuntime(string path) => path.StartsWith(named, StringComparison.Ordinal)
            || Path.GetFileName(path).StartsWith("libonnxruntime", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Require_SimulatedOldLibraryNamedByTheEnvironment_FailsWithBothVersionsInsteadOfTakingAnother()
    {
        Assert.SkipWhen(SimulatedNative.WhyNot is not null, SimulatedNative.WhyNot ?? "");
        using var elsewhere = new TestFolder();
        SimulatedNative.Compile("simulated_onnxruntime.c", elsewhere[LibraryName]);

        await OwnProcess.RunAsync(AppContext.BaseDirectory, nameof(Load_InAProcessWithAnOldLibrary), ("VBEDGE_ONNXRUNTIME", elsewhere.Path));
    }

    /// <summary>Explicit: it runs in a process whose variable names the simulated library.</summary>
    [Fact(Explicit = true)]
    public void Load_InAProcessWithAnOldLibrary()
    {
        using var model = TestModel.Painter();

        var error = Assert.Throws<InferenceException>(() => model.Load());

        Assert.Contains($"is of version 1.20.0, too old for the managed part {OnnxRuntimeVersion.Managed}", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"Expected an ONNX Runtime of version 1\.\d+ or newer", error.Message);
        Assert.Throws<InferenceException>(() => OnnxRuntimeVersion.Native());
    }

    [Fact]
    public void Find_SimulatedOldLibraryBeforeTheRealOne_PassesItOver()
    {
        Assert.SkipWhen(SimulatedNative.WhyNot is not null, SimulatedNative.WhyNot ?? "");
        using var old = new TestFolder();
        using var good = new TestFolder();
        SimulatedNative.Compile("simulated_onnxruntime.c", old[LibraryName]);
        File.Copy(RealLibrary, good[LibraryName]);

        OnnxRuntimeLibrary found = OnnxRuntimeNative.Find(null, () => 0, [old.Path, good.Path]);

        Assert.Null(found.Problem);
        Assert.Equal(good[LibraryName], found.Path);
    }

    [Fact]
    public void Find_NothingUsable_TellsEveryLibraryAndWhatIsWrongWithIt()
    {
        Assert.SkipWhen(SimulatedNative.WhyNot is not null, SimulatedNative.WhyNot ?? "");
        using var old = new TestFolder();
        using var damaged = new TestFolder();
        using var other = new TestFolder();
        SimulatedNative.Compile("simulated_onnxruntime.c", old[LibraryName], "-DVERSION=\"1.9.1\"");
        File.WriteAllText(damaged[LibraryName], "no library at all");
        SimulatedNative.Compile("simulated_nvidia.c", other[LibraryName], "-DSIMULATED_CUINIT=0");

        OnnxRuntimeLibrary found = OnnxRuntimeNative.Find(null, () => 0, [old.Path, damaged.Path, other.Path]);

        Assert.Contains($"{old[LibraryName]} is of version 1.9.1, too old", found.Problem, StringComparison.Ordinal);
        Assert.Contains($"{damaged[LibraryName]} cannot be loaded", found.Problem, StringComparison.Ordinal);
        Assert.Contains($"{other[LibraryName]} is no ONNX Runtime", found.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_SimulatedNewerLibrary_IsTaken()
    {
        Assert.SkipWhen(SimulatedNative.WhyNot is not null, SimulatedNative.WhyNot ?? "");
        using var newer = new TestFolder();
        SimulatedNative.Compile("simulated_onnxruntime.c", newer[LibraryName], "-DVERSION=\"2.0.0-dev\"");

        Assert.Null(OnnxRuntimeNative.Find(newer.Path, () => 0, []).Problem);
    }

    [Fact]
    public void Find_VariableNamesNothing_SaysSo()
    {
        OnnxRuntimeLibrary found = OnnxRuntimeNative.Find("/nowhere/libonnxruntime.so", () => throw new InvalidOperationException("not to be asked"), []);

        Assert.Contains("VBEDGE_ONNXRUNTIME is '/nowhere/libonnxruntime.so': /nowhere/libonnxruntime.so does not exist.", found.Problem,
            StringComparison.Ordinal);
    }
}
