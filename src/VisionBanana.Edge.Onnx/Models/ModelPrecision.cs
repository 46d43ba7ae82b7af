namespace VisionBanana.Edge.Onnx.Models;

#pragma warning disable CA1720 // The field's own word for the format.
/// <summary>The number format of a model file's weights and arithmetic. Inputs and outputs are float32 in every case.</summary>
public enum ModelPrecision
{
    /// <summary>float32.</summary>
    Fp32,

    /// <summary>float16 inside.</summary>
    Fp16,

    /// <summary>int8, quantise–dequantise form.</summary>
    Int8,
}
#pragma warning restore CA1720
