using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VisionBanana.Edge.Onnx.Execution;

namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>What this machine contributes to the key of an engine.</summary>
internal static class EngineMachine
{
    /// <summary>Names and values for a provider and device, in the order of the key.</summary>
    public static IEnumerable<KeyValuePair<string, string>> FieldsOf(ExecutionProvider provider, int deviceId)
    {
        yield return new("onnxruntime", Runtime());
        if (provider == ExecutionProvider.Cpu)
        {
            // An optimised graph lays its weights out for the width of the vectors.
            int vectors = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
            yield return new("device", string.Create(CultureInfo.InvariantCulture, $"{ProcessorFeatures.Name}, "
                + $"{RuntimeInformation.ProcessArchitecture}, {vectors} bit vectors"));
            yield break;
        }

        GpuLibraries gpu = GpuLibraries.OfThisMachine;
        GpuDevice? device = gpu.Devices.ElementAtOrDefault(deviceId);
        yield return new("tensorrt", gpu.TensorRt ?? "");
        yield return new("cuda", gpu.Cuda ?? gpu.CudaOfDriver ?? "");
        yield return new("driver", gpu.Driver ?? "");
        yield return new("device", device?.Name ?? "");
        yield return new("compute_capability", device?.ComputeCapability ?? "");
    }

    private static string Runtime()
    {
        try
        {
            return OnnxRuntimeVersion.Native();
        }
        catch (InferenceException)
        {
            // Entries can be listed and cleared without it; none of them is current then.
            return "";
        }
    }
}
