using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>Puts into words why a provider or the runtime itself did not load, and what to do.</summary>
internal static partial class ProviderFailure
{
    private const string CpuBuild =
        "this ONNX Runtime was built without it; build the application with -p:OnnxRuntime=Gpu, or bring a libonnxruntime.so that was built with it";

    /// <summary>The exceptions by which a provider tells that it cannot run here.</summary>
    public static bool IsExpected(Exception e) =>
        e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or BadImageFormatException or TypeInitializationException;

    /// <summary>True when the runtime itself is missing: no provider can work.</summary>
    public static bool IsRuntimeMissing(Exception e) => Causes(e).Any(c => c is DllNotFoundException or BadImageFormatException)
        || Causes(e).Any(c => c.Message.Contains("API version", StringComparison.Ordinal));

    /// <summary>Why the native ONNX Runtime does not load, and what to do.</summary>
    public static string ExplainRuntime(Exception e)
    {
        string managed = typeof(InferenceSession).Assembly.GetName().Version?.ToString(3) ?? "?";
        Exception cause = Causes(e).FirstOrDefault(c => c is DllNotFoundException or BadImageFormatException) ?? Causes(e).Last();
        string what = cause switch
        {
            DllNotFoundException => "The native ONNX Runtime library (libonnxruntime.so, onnxruntime.dll or libonnxruntime.dylib) was not found, or one of "
                + "its own libraries was not.",
            BadImageFormatException => "The native ONNX Runtime library is damaged or was built for another processor.",
            _ => "The native ONNX Runtime library is older than its managed part.",
        };
        return $"{what} Expected version {managed} or newer. Reference the package "
            + "Microsoft.ML.OnnxRuntime (CPU) or Microsoft.ML.OnnxRuntime.Gpu.Linux in the application "
            + "(the vbedge tool: -p:OnnxRuntime=Cpu or Gpu), or put your own build beside the application or on LD_LIBRARY_PATH. "
            + $"The system said: {FirstLine(cause.Message)}";
    }

    /// <summary>Why one provider does not work, and what to do.</summary>
    public static string Explain(ExecutionProvider provider, Exception e)
    {
        string said = string.Join(" ", Causes(e).Select(c => c.Message));
        if (Causes(e).Any(c => c is EntryPointNotFoundException)
            || said.Contains("not enabled in this build", StringComparison.Ordinal)
            || said.Contains("not supported in this build", StringComparison.Ordinal))
        {
            return CpuBuild;
        }

        if (MissingLibrary().Match(said) is { Success: true } match)
        {
            string library = match.Value;
            return $"{library} was not found; {RemedyFor(library)}";
        }

        if (said.Contains("CUDA driver version is insufficient", StringComparison.Ordinal))
        {
            return $"the NVIDIA driver is too old for this CUDA; update the driver. The system said: {FirstLine(said)}";
        }

        if (said.Contains("no CUDA-capable device", StringComparison.Ordinal) || said.Contains("invalid device ordinal", StringComparison.Ordinal))
        {
            return $"no such GPU; check nvidia-smi and device_id. The system said: {FirstLine(said)}";
        }

        if (said.Contains("no kernel image is available", StringComparison.Ordinal)
            || said.Contains("cudaErrorNoKernelImageForDevice", StringComparison.Ordinal))
        {
            return "this ONNX Runtime has no kernels for the architecture of this GPU; take one that was built for its compute capability "
                + $"(Jetson Orin 8.7: CMAKE_CUDA_ARCHITECTURES=87). The system said: {FirstLine(said)}";
        }

        if (said.Contains("out of memory", StringComparison.OrdinalIgnoreCase) || said.Contains("cudaErrorMemoryAllocation", StringComparison.Ordinal))
        {
            return $"the GPU has too little free memory; end what else uses it, or lower tensorrt.workspace_mib. The system said: {FirstLine(said)}";
        }

        return $"does not start: {FirstLine(said)}; run vbedge doctor, or prefer another provider ({provider.Name()} was tried)";
    }

    private static string RemedyFor(string library) => library switch
    {
        _ when library.StartsWith("libnv", StringComparison.Ordinal) => "install TensorRT for "
            + "your CUDA version (on a Jetson it is part of JetPack: apt install nvidia-jetpack)",
        _ when library.StartsWith("libcudnn", StringComparison.Ordinal) => "install cuDNN 9 for your CUDA version",
        _ when library.StartsWith("libcuda.", StringComparison.Ordinal) => "install the NVIDIA driver",
        _ when library.StartsWith("libonnxruntime_providers", StringComparison.Ordinal) => "put it beside libonnxruntime.so; it belongs to the GPU package",
        _ when CudaLibrary().Match(library) is { Success: true } match =>
            $"install the libraries of CUDA {match.Groups[1].Value} (cuda-libraries-{match.Groups[1].Value}-*); this ONNX Runtime was built for that version",
        _ => "install the CUDA runtime libraries of the version that this ONNX Runtime was built for",
    };

    private static IEnumerable<Exception> Causes(Exception e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private static string FirstLine(string text)
    {
        string line = text.Split('\n', 2)[0].Trim();
        return line.Length <= 300 ? line : line[..300] + "…";
    }

    /// <summary>Libraries whose number is that of CUDA.</summary>
    [GeneratedRegex(@"^lib(?:cudart|cublas|cublasLt|nvrtc)\.so\.([0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex CudaLibrary();

    /// <summary>The loader's own words name the library that is missing; the one whose load failed for it stands before.</summary>
    [GeneratedRegex(
        @"lib[A-Za-z0-9_]+\.so(?:\.[0-9]+)*(?=: cannot open shared object file)"
        + @"|\b[A-Za-z0-9_]+\.dll(?=[^\n]*(?:not found|could not be found|which is missing))", RegexOptions.CultureInvariant)]
    private static partial Regex MissingLibrary();
}
