namespace VisionBanana.Edge.Onnx.Models;

/// <summary>One line of <c>vbedge model list</c>.</summary>
/// <param name="ManifestPath">The manifest.</param>
/// <param name="Manifest">What it says; null when it cannot be read.</param>
/// <param name="Problem">Why it cannot be read; null when it can. Hashes are not checked by a listing.</param>
public sealed record ModelListing(string ManifestPath, ModelManifest? Manifest, string? Problem);
