using System.Collections.Immutable;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>The picture input: float32 [1,3,Height,Width], RGB planes, x = (pixel8 · Scale − Mean) / Std per channel.</summary>
/// <param name="Tensor">Name of the graph input.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Scale">Multiplies the 8-bit value first; 1/255 for most networks.</param>
/// <param name="Mean">Subtracted, per channel R, G, B.</param>
/// <param name="Std">Divides, per channel R, G, B.</param>
public sealed record ModelInput(string Tensor, int Width, int Height, double Scale, ImmutableArray<double> Mean, ImmutableArray<double> Std)
{
    /// <summary>Plain tensors: further inputs that always get the same number.</summary>
    public ImmutableArray<ModelConstant> Constants { get; init; } = [];

    /// <summary>Plain tensors: name of an input float32 [1,3,Height,Width] that gets the unit ray of every pixel in the optical frame, or null.</summary>
    public string? Rays { get; init; }
}
