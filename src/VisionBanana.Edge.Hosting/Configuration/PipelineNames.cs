using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>What the sections of one pipeline file have in common.</summary>
/// <param name="Address">Device and camera, as topics name them.</param>
/// <param name="Folder">What relative paths are relative to.</param>
internal readonly record struct PipelineNames(CameraAddress Address, string Folder);
