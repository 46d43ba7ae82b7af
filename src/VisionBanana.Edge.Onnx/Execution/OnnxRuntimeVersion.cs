using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>Which ONNX Runtime there is.</summary>
public static class OnnxRuntimeVersion
{
    /// <summary>Version of the managed part this SDK was built with.</summary>
    public static string Managed => OnnxRuntimeNative.Managed.ToString(3);

    /// <summary>Version of the native library; loads it.</summary>
    /// <exception cref="InferenceException">It is missing, damaged or too old; the message says what to do.</exception>
    public static string Native()
    {
        OnnxRuntimeNative.Require();
        try
        {
            return OrtEnv.Instance().GetVersionString();
        }
        catch (Exception e) when (ProviderFailure.IsRuntimeMissing(e) || e is TypeInitializationException or EntryPointNotFoundException)
        {
            throw new InferenceException(ProviderFailure.ExplainRuntime(e), e);
        }
    }

    /// <summary>The path of the native library in this process, or null where the system does not tell; loads it.</summary>
    /// <exception cref="InferenceException">See <see cref="Native"/>.</exception>
    public static string? NativePath()
    {
        if (OnnxRuntimeNative.Require().Path is { } path)
        {
            return path;
        }

        using var self = Process.GetCurrentProcess();
        return self.Modules.Cast<ProcessModule>().Select(m => m.FileName).FirstOrDefault(
            file => Path.GetFileName(file) is var name
                && (name.StartsWith("libonnxruntime.", StringComparison.Ordinal) || name.Equals("onnxruntime.dll", StringComparison.OrdinalIgnoreCase)));
    }
}
