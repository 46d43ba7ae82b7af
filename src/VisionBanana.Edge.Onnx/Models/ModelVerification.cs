namespace VisionBanana.Edge.Onnx.Models;

/// <summary>What <c>vbedge model verify</c> tells.</summary>
/// <param name="ManifestPath">The manifest that was read.</param>
/// <param name="Manifest">What it says; null when it cannot be read.</param>
/// <param name="Files">Every file with what is wrong with it.</param>
/// <param name="ManifestProblems">What is wrong with the manifest, with line and column.</param>
public sealed record ModelVerification(
    string ManifestPath, ModelManifest? Manifest, IReadOnlyList<ModelFileCheck> Files, IReadOnlyList<string> ManifestProblems)
{
    /// <summary>True when the package may be loaded.</summary>
    public bool IsGood => Manifest is not null && ManifestProblems.Count == 0 && Files.All(f => f.Problems.Count == 0);

    /// <summary>Every problem in one list.</summary>
    public IEnumerable<string> Problems => ManifestProblems.Concat(Files.SelectMany(f => f.Problems));
}
