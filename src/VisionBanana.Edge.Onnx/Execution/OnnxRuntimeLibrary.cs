namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>A native library that was loaded, or why there is none.</summary>
/// <param name="Handle">Its handle, or 0.</param>
/// <param name="Path">Where it was found; null = by the application's or the system's own search.</param>
/// <param name="Problem">Why there is none, and what to do; null when there is one.</param>
internal sealed record OnnxRuntimeLibrary(nint Handle, string? Path, string? Problem)
{
    public static OnnxRuntimeLibrary None(string problem) => new(0, null, problem);
}
