namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>One rung of the ladder, as reports tell it.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Message">In words; for a failure what is missing and what to do.</param>
public sealed record ProviderAttempt(ExecutionProvider Provider, ProviderOutcome Outcome, string Message)
{
    /// <summary>e.g. <c>tensorrt: libnvinfer.so.10 was not found; …</c></summary>
    public override string ToString() => $"{Provider.Name()}: {Message}";
}
