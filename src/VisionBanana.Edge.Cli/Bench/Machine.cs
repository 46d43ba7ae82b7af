using System.Globalization;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Cli.Doctor;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.OpenCv;
using VisionBanana.Edge.Programs;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>Where a measurement was made; what the system does not tell is null.</summary>
internal sealed record Machine
{
    /// <summary>The board, e.g. <c>NVIDIA Jetson Orin Nano</c>, or the processor.</summary>
    public required string Device { get; init; }

    /// <summary>Processors this process may use.</summary>
    public required int Processors { get; init; }

    /// <summary>The GPUs; null = none.</summary>
    public string? Gpu { get; init; }

    /// <summary>nvpmodel's mode on a Jetson, the frequency governor elsewhere.</summary>
    public string? PowerMode { get; init; }

    /// <summary>Operating system and architecture.</summary>
    public required string System { get; init; }

    /// <summary>What ran, by name.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>The system's load average over a minute, before: anything near the number of processors spoils a measurement.</summary>
    public double LoadBefore { get; init; }

    /// <summary>The same after, with what the measurement itself loads.</summary>
    public double LoadAfter { get; init; }

    /// <summary>Looks at this machine.</summary>
    public static Machine Look()
    {
        GpuLibraries gpu = GpuLibraries.OfThisMachine;
        return new Machine
        {
            Device = Line("/proc/device-tree/model") ?? ProcessorFeatures.Name,
            Processors = Environment.ProcessorCount,
            Gpu = gpu.Devices.Count == 0 ? null : string.Join(", ", gpu.Devices.Select(d => $"{d.Name} (compute capability {d.ComputeCapability})")),
            PowerMode = (ChildProgram.Ask("nvpmodel", "-q") is { } modes ? Tegra.PowerMode(modes) : null) ?? Line(
                "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
            System = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}",
            Versions = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["vbedge"] = typeof(Machine).Assembly.GetName().Version?.ToString(3) ?? "unknown",
                ["dotnet"] = Environment.Version.ToString(),
                ["onnxruntime"] = OnnxRuntimeVersion.Native(),
                ["onnxruntime_managed"] = OnnxRuntimeVersion.Managed,
                ["opencv"] = OpenCvVersion.Native(),
                ["l4t"] = Line("/etc/nv_tegra_release") ?? "none",
                ["nvidia_driver"] = gpu.Driver ?? "none",
                ["cuda"] = gpu.Cuda ?? "none",
                ["cudnn"] = gpu.CuDnn ?? "none",
                ["tensorrt"] = gpu.TensorRt ?? "none",
            },
            LoadBefore = Load(),
        };
    }

    /// <summary>The load average over a minute; NaN where the system tells none.</summary>
    public static double Load() =>
        Line("/proc/loadavg") is { } line && double.TryParse(line.Split(' ')[0], CultureInfo.InvariantCulture, out double load) ? load : double.NaN;

    private static string? Line(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file).Split('\n')[0].Trim('\0', ' ') : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
