using System.Collections.Immutable;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type as ONNX calls it, e.g. <c>float</c>, <c>int64</c>.</param>
/// <param name="Shape">Its dimensions; null when the graph does not say, a name or <c>?</c> for dimensions that vary.</param>
public sealed record GraphTensor(string Name, string Type, ImmutableArray<string>? Shape)
{
    /// <summary>e.g. <c>image: float [1,3,144,192]</c>.</summary>
    public override string ToString() => $"{Name}: {Type} {ShapeText}";

    /// <summary>e.g. <c>[T,64,3]</c>; <c>[…]</c> when the graph does not say.</summary>
    public string ShapeText => Shape is { } shape ? $"[{string.Join(',', shape)}]" : "[…]";
}
