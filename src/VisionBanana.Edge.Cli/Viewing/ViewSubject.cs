using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>What a live view shows and steers.</summary>
/// <param name="Pipeline">The run.</param>
/// <param name="Device">The device's name.</param>
/// <param name="Camera">The camera's name.</param>
/// <param name="Mount">Where the camera sits on its robot; null = nobody said.</param>
/// <param name="Zones">The zones that are watched.</param>
/// <param name="Cloud">Which pixels become points.</param>
/// <param name="NewRecording">Makes a recording into a file, not opened yet.</param>
/// <param name="IsRecordedAnyway">True when the run was started with a recording of its own.</param>
internal sealed record ViewSubject(
    PerceptionPipeline Pipeline,
    string Device,
    string Camera,
    CameraMount? Mount,
    IReadOnlyList<ZoneOptions> Zones,
    CloudOptions Cloud,
    Func<string, RecordingTransport> NewRecording,
    bool IsRecordedAnyway)
{
    /// <summary>The camera's calibration file, beside which a measured scale is written; null = it has none.</summary>
    public string? Calibration { get; init; }

    /// <summary>The pipeline file that the run was started with, in which zones are saved; null = none of the user's own.</summary>
    public ZonesFile? ZonesFile { get; init; }
}
