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

    public static Task RunAsync(string folder, string method, params (string Name, string Value)[] environment) =>
        RunUnderAsync([], folder, method, environment);

    /// <summary>Runs it as the child of another program, such as strace with its arguments. A variable without a value is taken away.</summary>
    public static async Task RunUnderAsync(string[] program, string folder, string method, (string Name, string Value)[] environment)
    {
        string[] line =
        [
            .. program, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            Path.Combine(folder, "VisionBanana.Edge.Onnx.Tests.dll"), "-explicit", "only", "-method", "*." + method,
        ];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value.Length == 0 ? null : value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.Matches("Total: 1, .*Failed: 0, Skipped: 0", output);
    }
}
