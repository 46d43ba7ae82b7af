using System.Diagnostics;
using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Onnx.Tests.Execution;

/// <summary>What a user sees who forgot the native package: this test program is run again, from a copy without the natives.</summary>
public sealed class MissingRuntimeTests
{
    [Fact]
    public async Task Load_NativeRuntimeMissing_SaysWhichPackageBringsIt()
    {
        string copy = Directory.CreateTempSubdirectory("vbedge-no-natives-").FullName;
        try
        {
            foreach (string file in Directory.GetFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
            {
                string name = Path.GetRelativePath(AppContext.BaseDirectory, file);

                // Without its list of dependencies the host takes the assemblies that lie there and asks for no natives.
                if (!name.StartsWith("runtimes", StringComparison.Ordinal) && !name.EndsWith(".deps.json", StringComparison.Ordinal)
                    && !name.Contains("libonnxruntime", StringComparison.Ordinal))
                {
                    string target = Path.Combine(copy, name);
                    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                    File.Copy(file, target);
                }
            }

            var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add(Path.Combine(copy, "VisionBanana.Edge.Onnx.Tests.dll"));
            start.ArgumentList.Add("-explicit");
            start.ArgumentList.Add("only");
            start.ArgumentList.Add("-method");
            start.ArgumentList.Add($"*.{nameof(Load_WithoutNatives_InTheCopy)}");
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.True(process.ExitCode == 0, output + await errors);
            Assert.Matches("Total: 1, .*Failed: 0, Skipped: 0", output);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    /// <summary>Explicit: it runs inside the copy only, where the natives are missing for real.</summary>
    [Fact(Explicit = true)]
    public void Load_WithoutNatives_InTheCopy()
    {
        using var model = TestModel.Painter();

        // Everything about a package works without an engine; only running it does not.
        Assert.Single(model.Open().Inspect().Graphs);
        var error = Assert.Throws<InferenceException>(() => model.Load());
        Assert.Contains("was not found", error.Message, StringComparison.Ordinal);
        Assert.Contains("Microsoft.ML.OnnxRuntime", error.Message, StringComparison.Ordinal);
        Assert.Contains("-p:OnnxRuntime=Cpu", error.Message, StringComparison.Ordinal);
    }
}
