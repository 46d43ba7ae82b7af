using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>What the sections of one pipeline file have in common.</summary>
/// <param name="Device">The device's name in topics.</param>
/// <param name="Camera">The camera's name in topics.</param>
/// <param name="Folder">What relative paths are relative to.</param>
/// <param name="Zones">The zones that are watched.</param>
/// <param name="Mount">Where the camera sits, or null.</param>
internal readonly record struct PipelineNames(string Device, string Camera, string Folder, IReadOnlyList<string> Zones, CameraMount? Mount);
