namespace VisionBanana.Edge.Onnx.Models;

/// <summary>What became of checking one file of a package.</summary>
/// <param name="File">The file as the manifest lists it.</param>
/// <param name="Bytes">Its size; 0 when it cannot be read.</param>
/// <param name="FoundSha256">Its SHA-256 in lower-case hex; null when it cannot be read.</param>
/// <param name="Problems">What is wrong, each with what to do; empty = well.</param>
public sealed record ModelFileCheck(ModelFile File, long Bytes, string? FoundSha256, IReadOnlyList<string> Problems);
