namespace VisionBanana.Edge.Onnx.Models;

/// <summary>One file of a model package.</summary>
/// <param name="Path">Relative to the manifest, forward slashes, never leaving the folder.</param>
/// <param name="Sha256">What the file's SHA-256 must be, lower-case hex.</param>
/// <param name="Precision">Its number format.</param>
public sealed record ModelFile(string Path, string Sha256, ModelPrecision Precision);
