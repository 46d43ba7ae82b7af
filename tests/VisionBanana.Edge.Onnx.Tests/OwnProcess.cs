using System.Diagnostics;

namespace VisionBanana.Edge.Onnx.Tests;

/// <summary>Runs one explicit test of this program in a process of its own: a native library is loaded once in a process, and stays.</summary>
internal static class OwnProcess
{
    /// <summary>A copy of this test program; without natives its host asks for none.</summary>
    public static void Copy(string target, bool natives)
    {
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(AppContext.BaseDirectory, file);
            bool ofNatives = name.StartsWith("runtimes", StringComparison.Ordinal) || name.EndsWith(".deps.json", StringComparison.Ordinal)
                || name.Contains("libonnxruntime", StringComparison.Ordinal);
            if (natives || !ofNatives)
            {
                string path = Path.Combine(target, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.Copy(file, path);
            }
        }
    }

    public static async Task RunAsync(string folder, string method, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [Path.Combine(folder, "VisionBanana.Edge.Onnx.Tests.dll"), "-explicit", "only", "-method", "*." + method])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.Matches("Total: 1, .*Failed: 0, Skipped: 0", output);
    }
}
