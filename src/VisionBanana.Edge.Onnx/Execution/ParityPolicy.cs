namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>
/// When a provider's answers are compared with those of the processor in fp32. What was found out is kept, for each model, version, driver and device.
/// </summary>
public enum ParityPolicy
{
    /// <summary>GPUs, and engines of the cache: once each. A processor that runs the model's own graph is not compared with itself.</summary>
    Engines,

    /// <summary>Every provider and precision.</summary>
    Always,

    /// <summary>Nothing is compared: an engine that runs is taken for right.</summary>
    Never,
}
