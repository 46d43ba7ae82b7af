namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>What runs a graph.</summary>
public enum ExecutionProvider
{
    /// <summary>NVIDIA TensorRT.</summary>
    TensorRt,

    /// <summary>NVIDIA CUDA with cuDNN.</summary>
    Cuda,

    /// <summary>ONNX Runtime's own kernels on the processor.</summary>
    Cpu,
}
