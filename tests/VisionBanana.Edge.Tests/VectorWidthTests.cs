using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using VisionBanana.Edge.Tests.Codecs;
using VisionBanana.Edge.Tests.Perception;

namespace VisionBanana.Edge.Tests;

/// <summary>
/// The loops over pixels choose their vectors by what the processor has. These tests run them in a process that is told to have less:
/// 256 bits, 128 bits (the width of every arm64 processor) and none of the special instructions (portable code, as on an unknown machine).
/// </summary>
public sealed class VectorWidthTests
{
    private static readonly Type[] Repeated = [typeof(DepthCodecTests), typeof(PointCloudBuilderTests), typeof(SemanticCodecTests), typeof(NormalCodecTests)];

    [Theory]
    [InlineData("DOTNET_EnableAVX512", 32)]
    [InlineData("DOTNET_EnableAVX2", 16)]
    [InlineData("DOTNET_EnableHWIntrinsic", 16)]
    public async Task Loops_WithNarrowerVectors_PassTheSameTests(string switchedOff, int vectorBytes)
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.X86Base.IsSupported, "These switches are of x86 processors.");
        Assert.SkipUnless(Vector<byte>.Count >= vectorBytes, $"This processor has vectors of {Vector<byte>.Count} bytes.");
        string here = Environment.ProcessPath!;
        var start = new ProcessStartInfo(here) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(here) == "dotnet")
        {
            start.ArgumentList.Add(typeof(VectorWidthTests).Assembly.Location);
        }

        foreach (Type type in Repeated)
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add(type.FullName!);
        }

        start.Environment[switchedOff] = "0";
        start.Environment[AskedWidth.Variable] = vectorBytes.ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));

        Assert.True(process.ExitCode == 0, await output + await error);
        Assert.Matches(@"Total: [1-9]\d+, Errors: 0, Failed: 0", await output);
    }
}
