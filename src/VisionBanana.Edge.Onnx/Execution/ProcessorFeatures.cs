using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>What this processor computes natively.</summary>
public static class ProcessorFeatures
{
    private const int Avx512VnniBit = 11;

    /// <summary>
    /// It multiplies and adds int8 in one instruction (AVX-VNNI, AVX512-VNNI, Arm dot product). Without it int8 is hardly faster than fp32,
    /// and on x64 sums of unsigned and signed products saturate at 16 bits, which costs accuracy.
    /// </summary>
    public static bool HasInt8DotProduct { get; } = Dp.IsSupported || AvxVnni.IsSupported
        || (Avx512BW.IsSupported && ((X86Base.CpuId(7, 0).Ecx >> Avx512VnniBit) & 1) == 1);

    /// <summary>The processor's own name, or its architecture where the system does not tell.</summary>
    public static string Name { get; } = ReadName("/proc/cpuinfo");

    internal static string ReadName(string path)
    {
        string fallback = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
        try
        {
            string[] lines = File.ReadAllLines(path);
            string? Value(string key) => lines.FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();

            // Arm kernels give numbers instead of a name: who made the core, and which it is.
            return Value("model name") ?? (Value("CPU part") is { } part ? $"{fallback} {Value("CPU implementer")}/{part}" : fallback);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return fallback;
        }
    }
}
