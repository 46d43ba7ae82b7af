using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>
/// How TensorRT builds and runs an engine. What is arithmetic stands in <see cref="ExecutionOptions.Precision"/>, shapes come from the model's manifest.
/// </summary>
public sealed record TensorRtOptions
{
    /// <summary>Memory that the builder may use for its trials, in MiB; more lets it choose among more kernels.</summary>
    public int WorkspaceMib { get; init; } = 1024;

    /// <summary>How long the builder searches, 0 (seconds, slower engines) to 5 (longest, fastest engines); TensorRT's own default is 3.</summary>
    public int BuilderLevel { get; init; } = 3;

    /// <summary>
    /// The deep learning accelerator of a Jetson to run on, counted from 0; what it cannot do falls back to the GPU. Null = the GPU alone. Needs fp16 or int8.
    /// </summary>
    public int? DlaCore { get; init; }

    /// <summary>Records the run as one CUDA graph and replays it: saves launches on small networks. Needs a model that TensorRT takes as a whole.</summary>
    public bool CudaGraph { get; init; }

    /// <summary>Reads the section <c>execution.tensorrt</c>; problems go to the section's list.</summary>
    public static TensorRtOptions Read(YamlSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var defaults = new TensorRtOptions();
        var options = new TensorRtOptions
        {
            WorkspaceMib = section.OptionalInt("workspace_mib", 16, 1 << 20) ?? defaults.WorkspaceMib,
            BuilderLevel = section.OptionalInt("builder_level", 0, 5) ?? defaults.BuilderLevel,
            DlaCore = section.OptionalInt("dla_core", 0, 3),
            CudaGraph = section.OptionalBool("cuda_graph") ?? defaults.CudaGraph,
        };
        section.RefuseUnknownKeys();
        return options;
    }
}
