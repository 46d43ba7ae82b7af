namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>One file of an entry.</summary>
/// <param name="Name">Its name in the entry's folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256, lower-case hex.</param>
internal sealed record EngineFile(string Name, long Bytes, string Sha256);
