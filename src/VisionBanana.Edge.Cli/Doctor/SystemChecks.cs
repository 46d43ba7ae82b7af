using System.Globalization;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.OpenCv;
using VisionBanana.Edge.Programs;

namespace VisionBanana.Edge.Cli.Doctor;

/// <summary>The machine: system, board, NVIDIA's parts.</summary>
internal static class SystemChecks
{
    private const string TegraRelease = "/etc/nv_tegra_release";

    public static IEnumerable<Check> Run()
    {
        yield return Check.Well("system", $"{OsName()}, kernel {Environment.OSVersion.Version}, {RuntimeInformation.OSArchitecture}");
        yield return Check.Well(".net", RuntimeInformation.FrameworkDescription);
        yield return Check.Well("processor", string.Create(
            CultureInfo.InvariantCulture,
            $"{ProcessorFeatures.Name}, {ProcessorTopology.PhysicalCores} cores of {Environment.ProcessorCount} threads, "
                + $"{(ProcessorFeatures.HasInt8DotProduct ? "multiplies int8 natively" : "no native int8")}"));
        yield return Memory();
        yield return Board();
        IReadOnlyDictionary<string, string> packages = Packages();
        foreach (Check check in Jetson(packages))
        {
            yield return check;
        }

        GpuLibraries gpu = GpuLibraries.OfThisMachine;
        bool present = gpu.Devices.Count > 0;
        yield return Gpu(gpu);
        yield return Version("nvidia driver", gpu.Driver
            ?? gpu.CudaOfDriver, present, gpu.CudaOfDriver is { } newest ? $", runs CUDA up to {newest}" : "", "install the NVIDIA driver");
        yield return Cuda(gpu, present);
        yield return Version("cudnn", gpu.CuDnn, present, Package(
            packages, "libcudnn9-cuda-12", "libcudnn9-cuda-13", "libcudnn9"), "install cuDNN 9 for your CUDA (on a Jetson: sudo apt install nvidia-jetpack)");
        yield return Version("tensorrt", gpu.TensorRt, present, Package(packages, "libnvinfer10", "tensorrt"), "install TensorRT 10 for your CUDA (on a "
            + "Jetson: sudo apt install nvidia-jetpack)");
        yield return OpenCv();
        yield return ChildProgram.Find("ffmpeg") is { } ffmpeg
            ? Check.Well("ffmpeg", ffmpeg)
            : new Check("ffmpeg", CheckStatus.Missing, "not found", "needed for rtsp://, http:// and tcp:// sources: sudo apt-get install -y "
                + "--no-install-recommends ffmpeg");
    }

    private static Check OpenCv()
    {
        Check check = Check.Try("opencv", CheckStatus.Problem, () => OpenCvVersion.Native());
        return check.Status != CheckStatus.Well && RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? check with { Remedy = $"{check.Remedy} There is no package of it for arm64: samples/jetson/build-opencvsharp.sh builds it." }
            : check;
    }

    private static string OsName()
    {
        const string Key = "PRETTY_NAME=";
        return ReadLines("/etc/os-release").FirstOrDefault(
            l => l.StartsWith(Key, StringComparison.Ordinal))?[Key.Length..].Trim('"') ?? RuntimeInformation.RuntimeIdentifier;
    }

    private static Check Memory()
    {
        long? Kib(string key) => ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal)) is { } line
            && long.TryParse(
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
        if (Kib("MemTotal:") is not { } total || Kib("MemAvailable:") is not { } free)
        {
            return new Check("memory", CheckStatus.Missing, "the system does not tell");
        }

        const int NeededMib = 512;
        string found = string.Create(CultureInfo.InvariantCulture, $"{free >> 10} MiB available of {total >> 10} MiB");
        return free >> 10 >= NeededMib
            ? Check.Well("memory", found)
            : new Check("memory", CheckStatus.Problem, found, $"end other programs: the demo needs about {NeededMib} MiB, building a TensorRT engine more");
    }

    private static Check Board()
    {
        // The device tree's texts end with a zero byte.
        string? board = ReadLines("/proc/device-tree/model").FirstOrDefault()?.TrimEnd('\0') ?? ReadLines("/sys/class/dmi/id/product_name").FirstOrDefault();
        return string.IsNullOrWhiteSpace(board) ? new Check("board", CheckStatus.Missing, "the system does not tell") : Check.Well("board", board.Trim());
    }

    private static IEnumerable<Check> Jetson(IReadOnlyDictionary<string, string> packages)
    {
        if (!File.Exists(TegraRelease))
        {
            yield return new Check("jetson", CheckStatus.Missing, "this is no Jetson");
            yield break;
        }

        string line = ReadLines(TegraRelease).FirstOrDefault() ?? "";
        string? l4t = Tegra.L4T(line);
        yield return l4t is null
            ? new Check("l4t", CheckStatus.Missing, $"unreadable: {line}")
            : Check.Well("l4t", l4t);
        string? jetPack = packages.GetValueOrDefault("nvidia-jetpack") ?? (l4t is null ? null : Tegra.JetPack(l4t));
        yield return jetPack is null
            ? new Check("jetpack", CheckStatus.Missing, "unknown", "sudo apt-get install nvidia-jetpack brings CUDA, cuDNN and TensorRT")
            : Check.Well("jetpack", jetPack);
        string? mode = ChildProgram.Ask("nvpmodel", "-q") is { } answer ? Tegra.PowerMode(answer) : null;
        yield return mode is null
            ? new Check("power mode", CheckStatus.Missing, "nvpmodel does not tell", "sudo nvpmodel -q")
            : new Check("power mode", CheckStatus.Well, mode, mode.StartsWith("MAXN", StringComparison.Ordinal) ? null : "for full speed: sudo nvpmodel -m 0, "
                + "then sudo jetson_clocks");
    }

    private static Check Gpu(GpuLibraries gpu)
    {
        if (gpu.Problem is { } problem)
        {
            return new Check("gpu", CheckStatus.Problem, problem, "check nvidia-smi; after an update of the driver restart the machine, in a container pass "
                + "--gpus all (on a Jetson --runtime nvidia)");
        }

        if (gpu.Devices.Count == 0)
        {
            return new Check("gpu", CheckStatus.Missing, "no NVIDIA GPU that the driver shows");
        }

        string devices = string.Join("; ", gpu.Devices.Select(d => $"{d.Name}, compute capability {d.ComputeCapability}"));
        IReadOnlyList<string> details = ChildProgram.Ask("nvidia-smi", NvidiaSmi.Arguments) is { } table ? NvidiaSmi.Parse(table) : [];
        return Check.Well("gpu", details.Count == 0 ? devices : $"{devices} ({string.Join("; ", details)})");
    }

    private static Check Cuda(GpuLibraries gpu, bool present)
    {
        Check check = Version(
            "cuda", gpu.Cuda, present, "", "install the CUDA runtime that your ONNX Runtime was built for (on a Jetson: sudo apt install nvidia-jetpack)");
        return gpu is { Cuda: { } runtime, CudaOfDriver: { } newest } && Major(runtime) > Major(newest)
            ? new Check("cuda", CheckStatus.Problem, $"{runtime}, but the driver runs {newest} at most", "update the driver, or install a CUDA runtime of "
                + $"version {Major(newest)}")
            : check;

        static int Major(string version) => int.Parse(version.Split('.')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>A library that matters only where there is a GPU.</summary>
    private static Check Version(string name, string? version, bool gpu, string more, string remedy) =>
        version is not null ? Check.Well(name, version + more)
        : new Check(name, CheckStatus.Missing, $"not found{more}", gpu ? remedy : null);

    private static IReadOnlyDictionary<string, string> Packages() => DebianPackages.Parse(
        ChildProgram.Ask("dpkg-query", ["-W", "-f", DebianPackages.Format]) ?? "");

    private static string Package(IReadOnlyDictionary<string, string> packages, params string[] names) =>
        names.FirstOrDefault(packages.ContainsKey) is { } name ? $" (package {name} {packages[name]})" : "";

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
