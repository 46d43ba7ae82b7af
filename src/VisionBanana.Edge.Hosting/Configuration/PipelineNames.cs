using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>What the sections of one pipeline file have in common.</summary>
/// <param name="Address">Device and camera, as topics name them.</param>
/// <param name="Folder">What relative paths are relative to.</param>
/// <param name="Zones">The zones that are watched.</param>
/// <param name="Mount">Where the camera sits, or null.</param>
internal readonly record struct PipelineNames(CameraAddress Address, string Folder, IReadOnlyList<string> Zones, CameraMount? Mount);
