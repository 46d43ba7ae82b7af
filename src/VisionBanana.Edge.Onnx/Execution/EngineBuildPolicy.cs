namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>What happens when a model is loaded and no built engine is cached.</summary>
public enum EngineBuildPolicy
{
    /// <summary>Engines of a GPU are built (TensorRT: up to minutes); the processor optimises its graph anew each time.</summary>
    Gpu,

    /// <summary>Engines of every provider are built and kept, the processor's optimised graph too.</summary>
    All,

    /// <summary>
    /// Nothing is built: a provider that needs an engine and has none does not work. For robots that must never wait; build ahead with <c>vbedge engine
    /// build</c>.
    /// </summary>
    Never,
}
