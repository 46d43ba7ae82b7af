using Microsoft.ML.OnnxRuntime;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>Copies between program and GPU exist for the environment once the library of the CUDA provider is registered there.</summary>
internal static class CudaCopies
{
    private static readonly Lock Gate = new();
    private static bool _registered;

    /// <summary>Registers it, once per process; throws what ONNX Runtime throws where there is none.</summary>
    public static void Register()
    {
        lock (Gate)
        {
            if (!_registered)
            {
                OrtEnv.Instance().RegisterExecutionProviderLibrary("vbedge-cuda", LibraryName);
                _registered = true;
            }
        }
    }

    /// <summary>Found by the system's loader, or beside ONNX Runtime, which loads its providers from its own folder.</summary>
    private static string LibraryName => OperatingSystem.IsWindows() ? "onnxruntime_providers_cuda.dll" : "libonnxruntime_providers_cuda.so";
}
