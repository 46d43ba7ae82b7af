namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>What became of a provider.</summary>
public enum ProviderOutcome
{
    /// <summary>It runs the model.</summary>
    Running,

    /// <summary>It was tried and does not work here.</summary>
    Failed,

    /// <summary>A provider before it works, or another one is required.</summary>
    NotTried,
}
