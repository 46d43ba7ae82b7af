using System.Collections.Immutable;
using VisionBanana.Edge.Perception;

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

    /// <summary>How pictures come to the input's size where the model keeps the camera's view.</summary>
    public PictureFit Fit { get; init; } = PictureFit.Width;

    /// <summary>The colour of bars and other pixels without a source, RGB in 0–255; empty = black.</summary>
    public ImmutableArray<double> Padding { get; init; } = [];

    /// <summary>Plain tensors: name of an input float32 [1,3,Height,Width] that gets the unit ray of every pixel in the optical frame, or null.</summary>
    public string? Rays { get; init; }
}
