using System.Globalization;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>
/// The NVIDIA libraries of this machine, asked for their versions by their own functions: no tool has to be installed for that, and what answers
/// is what ONNX Runtime would load. Null = not there.
/// </summary>
/// <param name="Driver">Version of the kernel driver, e.g. <c>560.35.03</c>; on a Jetson that of L4T's.</param>
/// <param name="CudaOfDriver">The newest CUDA version that the driver runs, e.g. <c>12.6</c>.</param>
/// <param name="Cuda">Version of the CUDA runtime.</param>
/// <param name="CuDnn">Version of cuDNN.</param>
/// <param name="TensorRt">Version of TensorRT.</param>
/// <param name="Devices">The GPUs, by device id.</param>
/// <param name="Problem">Why the driver does not answer; null when it does, or when there is none.</param>
public sealed unsafe record GpuLibraries(
    string? Driver, string? CudaOfDriver, string? Cuda, string? CuDnn, string? TensorRt, IReadOnlyList<GpuDevice> Devices, string? Problem)
{
    private const int ComputeCapabilityMajor = 75;
    private const int ComputeCapabilityMinor = 76;

    private static readonly Lazy<GpuLibraries> Once = new(Probe);

    /// <summary>What was found in this process; asked once.</summary>
    public static GpuLibraries OfThisMachine => Once.Value;

    /// <summary>Asks the libraries anew.</summary>
    internal static GpuLibraries Probe()
    {
        (string? cudaOfDriver, IReadOnlyList<GpuDevice> devices, string? problem) = AskDriver();
        return new GpuLibraries(
            ReadDriverVersion("/sys/module/nvidia/version", "/proc/driver/nvidia/version"),
            cudaOfDriver,
            Ask(["libcudart.so.13", "libcudart.so.12", "libcudart.so"], "cudaRuntimeGetVersion", ByPointer, v => CudaVersion((int)v)),
            Ask(["libcudnn.so.9", "libcudnn.so"], "cudnnGetVersion", ByValue, CuDnnVersion),
            Ask(["libnvinfer.so.10", "libnvinfer.so"], "getInferLibVersion", ByValue, v => TensorRtVersion((int)v)),
            devices,
            problem);
    }

    /// <summary>12060 → 12.6.</summary>
    internal static string CudaVersion(int number) => string.Create(CultureInfo.InvariantCulture, $"{number / 1000}.{number % 1000 / 10}");

    /// <summary>90300 → 9.3.0; before 9 it was 8907 → 8.9.7.</summary>
    internal static string CuDnnVersion(long number) => number >= 90000
        ? string.Create(CultureInfo.InvariantCulture, $"{number / 10000}.{number % 10000 / 100}.{number % 100}")
        : string.Create(CultureInfo.InvariantCulture, $"{number / 1000}.{number % 1000 / 100}.{number % 100}");

    /// <summary>101303 → 10.13.3; before 10 it was 8601 → 8.6.1.</summary>
    internal static string TensorRtVersion(int number) => number >= 100000
        ? string.Create(CultureInfo.InvariantCulture, $"{number / 10000}.{number % 10000 / 100}.{number % 100}")
        : string.Create(CultureInfo.InvariantCulture, $"{number / 1000}.{number % 1000 / 100}.{number % 100}");

    /// <summary>The version alone in the first file, or within the sentence of the second.</summary>
    internal static string? ReadDriverVersion(string module, string sentence)
    {
        try
        {
            if (File.Exists(module))
            {
                return File.ReadAllText(module).Trim();
            }

            return File.Exists(sentence)
                ? File.ReadLines(sentence).FirstOrDefault()?.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(
                    word => word.Contains('.') && word.All(c => char.IsAsciiDigit(c) || c == '.'))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static (string? Cuda, IReadOnlyList<GpuDevice> Devices, string? Problem) AskDriver()
    {
        string name = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";
        if (!NativeLibrary.TryLoad(name, out nint driver))
        {
            return (null, [], null);
        }

        if (!NativeLibrary.TryGetExport(driver, "cuInit", out nint init)
            || !NativeLibrary.TryGetExport(driver, "cuDriverGetVersion", out nint getVersion)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGetCount", out nint getCount)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGetName", out nint getName)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGetAttribute", out nint getAttribute))
        {
            return (null, [], $"{name} is no CUDA driver");
        }

        int version = 0, count = 0;
        string? cuda = ((delegate* unmanaged<int*, int>)getVersion)(&version) == 0 && version > 0 ? CudaVersion(version) : null;
        int code = ((delegate* unmanaged<uint, int>)init)(0);
        if (code != 0)
        {
            return (cuda, [], string.Create(CultureInfo.InvariantCulture, $"the CUDA driver does not start (cuInit gave {code})"));
        }

        if (((delegate* unmanaged<int*, int>)getCount)(&count) != 0)
        {
            return (cuda, [], "the CUDA driver counts no devices");
        }

        const int NameBytes = 256;
        byte* text = stackalloc byte[NameBytes];
        var devices = new List<GpuDevice>();
        for (int device = 0; device < count; device++)
        {
            int major = 0, minor = 0;
            bool named = ((delegate* unmanaged<byte*, int, int, int>)getName)(text, NameBytes, device) == 0;
            var attribute = (delegate* unmanaged<int*, int, int, int>)getAttribute;
            attribute(&major, ComputeCapabilityMajor, device);
            attribute(&minor, ComputeCapabilityMinor, device);
            devices.Add(new GpuDevice(named ? Marshal.PtrToStringUTF8((nint)text)! : "unknown",
                string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}")));
        }

        return (cuda, devices, null);
    }

    private static long? ByPointer(nint function)
    {
        int value = 0;
        return ((delegate* unmanaged<int*, int>)function)(&value) == 0 ? value : null;
    }

    private static long? ByValue(nint function) => (long)((delegate* unmanaged<nuint>)function)() & 0xFFFFFFFF;

    private static string? Ask(string[] libraries, string function, Func<nint, long?> call, Func<long, string> version)
    {
        if (OperatingSystem.IsWindows())
        {
            // Their names carry versions there that only ONNX Runtime knows.
            return null;
        }

        foreach (string name in libraries)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return NativeLibrary.TryGetExport(library, function, out nint export) && call(export) is { } number ? version(number) : null;
            }
        }

        return null;
    }
}
