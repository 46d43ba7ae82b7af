namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>The names of providers in configuration and reports.</summary>
public static class ExecutionProviderNames
{
    internal static readonly string[] All = ["tensorrt", "cuda", "cpu"];

    /// <summary>e.g. <c>tensorrt</c>.</summary>
    public static string Name(this ExecutionProvider provider) => All[(int)provider];
}
