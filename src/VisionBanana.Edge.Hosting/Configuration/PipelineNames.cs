namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>What the sections of one pipeline file have in common.</summary>
/// <param name="Device">The device's name in topics.</param>
/// <param name="Camera">The camera's name in topics.</param>
/// <param name="Folder">What relative paths are relative to.</param>
internal readonly record struct PipelineNames(string Device, string Camera, string Folder);
