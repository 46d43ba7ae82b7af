using System.Diagnostics;

namespace VisionBanana.Edge.Onnx.Tests;

/// <summary>Libraries of the folder simulated/, compiled for a test: they stand for natives that cannot exist on this machine, and are named so.</summary>
internal static class SimulatedNative
{
    /// <summary>Why simulated natives cannot be compiled here, or null.</summary>
    public static string? WhyNot { get; } = File.Exists("/usr/bin/gcc") ? null : "gcc is not installed: apt-get install gcc libc6-dev";

    public static string Compile(string source, string target, params string[] defines)
    {
        using var gcc = Process.Start("/usr/bin/gcc",
            ["-shared", "-fPIC", "-o", target, Path.Combine(AppContext.BaseDirectory, "simulated", source), .. defines]);
        gcc.WaitForExit();
        Assert.Equal(0, gcc.ExitCode);
        return target;
    }
}
