namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>A GPU.</summary>
/// <param name="Name">As the driver calls it.</param>
/// <param name="ComputeCapability">e.g. <c>8.7</c>.</param>
public sealed record GpuDevice(string Name, string ComputeCapability);
