namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>An entry whose manifest and files were checked.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Graph">The very bytes that were hashed of the graph that replaces the model's; null = there are only engines beside the model's own
/// graph.</param>
internal sealed record EngineContent(string Folder, byte[]? Graph)
{
    /// <summary>The file that holds <see cref="Graph"/>.</summary>
    public const string GraphName = "model.onnx";
}
