namespace VisionBanana.Edge.Onnx.Tests.Execution;

/// <summary>What a user sees who forgot the native package: this test program is run again, from a copy without the natives.</summary>
public sealed class MissingRuntimeTests
{
    [Fact]
    public async Task Load_NativeRuntimeMissing_SaysWhichPackageBringsIt()
    {
        using var copy = new TestFolder();
        OwnProcess.Copy(copy.Path, natives: false);

        await OwnProcess.RunAsync(copy.Path, nameof(Load_WithoutNatives_InTheCopy));
    }

    /// <summary>Explicit: it runs inside the copy only, where the natives are missing for real.</summary>
    [Fact(Explicit = true)]
    public void Load_WithoutNatives_InTheCopy()
    {
        using var model = TestModel.Painter();

        // Everything about a package works without an engine; only running it does not.
        Assert.Single(model.Open().Inspect().Graphs);
        var error = Assert.Throws<InferenceException>(() => model.Load());
        Assert.Contains("none was found", error.Message, StringComparison.Ordinal);
        Assert.Contains("Microsoft.ML.OnnxRuntime", error.Message, StringComparison.Ordinal);
        Assert.Contains("-p:OnnxRuntime=Cpu", error.Message, StringComparison.Ordinal);
        Assert.Contains("VBEDGE_ONNXRUNTIME", error.Message, StringComparison.Ordinal);
    }
}
