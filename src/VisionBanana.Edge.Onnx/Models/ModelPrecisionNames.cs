namespace VisionBanana.Edge.Onnx.Models;

/// <summary>The names of precisions in manifests, configuration and reports.</summary>
public static class ModelPrecisionNames
{
    internal static readonly string[] All = ["fp32", "fp16", "int8"];

    /// <summary>e.g. <c>fp32</c>.</summary>
    public static string Name(this ModelPrecision precision) => All[(int)precision];
}
