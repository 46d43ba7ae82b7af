using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>Takes zones that a page draws and writes them into the pipeline file of the run.</summary>
internal sealed class ZoneEditor(ViewSubject subject)
{
    private volatile CameraIntrinsics? _camera;

    /// <summary>Notes the camera of a picture.</summary>
    public void Note(PerceptionFrame frame) => _camera = frame.Intrinsics ?? _camera;

    /// <summary>Writes them and says what was done.</summary>
    /// <exception cref="ConfigurationException">It cannot be done.</exception>
    public Task<string> SaveAsync(IReadOnlyList<DrawnZone> zones) => Task.Run(() =>
    {
        if (subject.ZonesFile is not { } file)
        {
            throw new ConfigurationException("This run has no pipeline file of its own to save zones in: start it as vbedge run FILE.");
        }

        file.Save(zones, _camera);
        return $"{zones.Count} {(zones.Count == 1 ? "zone" : "zones")} written to {file.Path}, watched from the next start on";
    });
}
