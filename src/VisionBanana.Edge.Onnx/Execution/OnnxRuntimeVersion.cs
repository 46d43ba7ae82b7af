using Microsoft.ML.OnnxRuntime;
using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>Which ONNX Runtime there is.</summary>
public static class OnnxRuntimeVersion
{
    /// <summary>Version of the managed part this SDK was built with.</summary>
    public static string Managed => typeof(InferenceSession).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    /// <summary>Version of the native library; loads it.</summary>
    /// <exception cref="InferenceException">It is missing, damaged or too old; the message says what to do.</exception>
    public static string Native()
    {
        try
        {
            return OrtEnv.Instance().GetVersionString();
        }
        catch (Exception e) when (ProviderFailure.IsRuntimeMissing(e) || e is TypeInitializationException or EntryPointNotFoundException)
        {
            throw new InferenceException(ProviderFailure.ExplainRuntime(e), e);
        }
    }
}
