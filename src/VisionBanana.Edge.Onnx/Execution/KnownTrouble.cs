using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>
/// Versions of TensorRT of which others reported wrong answers, each with its source: told before an engine is built, since building one takes minutes.
/// Whether an engine is wrong here is found out by comparing (<see cref="ExecutionOptions.Parity"/>).
/// </summary>
/// <param name="From">The first version of it.</param>
/// <param name="Below">The first version that is said to be right; null = none is known.</param>
/// <param name="Touches">Whether a model may meet it, computed in a precision.</param>
/// <param name="What">What goes wrong, and what to do.</param>
/// <param name="Source">Where it was reported.</param>
public sealed record KnownTrouble(Version From, Version? Below, Func<ModelGraphSummary, ModelPrecision, bool> Touches, string What, string Source)
{
    /// <summary>What is known.</summary>
    public static IReadOnlyList<KnownTrouble> All { get; } =
    [
        new(
            new Version(10, 3), new Version(10, 4), (graph, _) => IsTransformer(graph),
            "transformers answer wrongly or unsteadily (depth graphs of the Depth Anything family among them), in the version of JetPack 6.1 and 6.2; "
                + "10.5, 10.8 and 10.16 were right: "
            + "use a newer TensorRT (JetPack 7, or a container with one), or the CUDA provider",
            "github.com/NVIDIA/TensorRT/issues/4419, github.com/ika-rwth-aachen/ros2-depth-anything-v3-trt/issues/16, "
                + "github.com/spacewalk01/depth-anything-tensorrt/issues/49"),
        new(
            new Version(10, 0), new Version(10, 1), (_, precision) => precision != ModelPrecision.Fp32,
            "convolutional networks computed in fp16 answered wrongly (NAFNet): set execution.precision to fp32, or use a newer TensorRT",
            "github.com/NVIDIA/TensorRT/issues/3897, github.com/NVIDIA/TensorRT/issues/4022"),
        new(
            new Version(10, 16), null, (graph, precision) => precision == ModelPrecision.Fp16 && IsTransformer(graph),
            "a backbone computed in fp16 gave NaN everywhere (one report, RTX 5080): set execution.precision to fp32 if the comparison fails",
            "github.com/NVIDIA/TensorRT/issues/4748"),
    ];

    /// <summary>What is known of a version of TensorRT and a graph.</summary>
    /// <param name="tensorRt">e.g. <c>10.3.0</c>; null = there is none.</param>
    /// <param name="graph">What would be built.</param>
    /// <param name="precision">What it would compute in.</param>
    public static IEnumerable<KnownTrouble> Of(string? tensorRt, ModelGraphSummary graph, ModelPrecision precision)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Version.TryParse(tensorRt, out Version? version)
            ? All.Where(t => version >= t.From && (t.Below is null || version < t.Below) && t.Touches(graph, precision))
            : [];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{What} ({Source})";

    private static bool IsTransformer(ModelGraphSummary graph) =>
        graph.Operators.Contains("com.microsoft::Attention") || graph.Operators.Contains("com.microsoft::MultiHeadAttention")
            || graph.Operators.Contains("Attention")
        || (graph.Operators.Contains("Softmax") && graph.Operators.Contains("MatMul"));
}
