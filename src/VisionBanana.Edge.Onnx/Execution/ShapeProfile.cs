namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>The range of shapes of the inputs that vary, in TensorRT's notation <c>name:1x64x3,name2:1</c>.</summary>
/// <param name="Min">The smallest.</param>
/// <param name="Opt">What engines are tuned for.</param>
/// <param name="Max">The largest.</param>
internal sealed record ShapeProfile(string Min, string Opt, string Max)
{
    public static ShapeProfile Fixed { get; } = new("", "", "");

    public bool IsEmpty => Min.Length == 0;
}
