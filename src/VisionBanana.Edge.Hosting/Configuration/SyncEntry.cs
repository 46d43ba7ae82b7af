using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>sync</c> of a pipeline file: cameras that take their pictures at one moment.</summary>
/// <param name="Tolerance">By how much the stamps of one moment differ at most.</param>
/// <param name="Cameras">Their names.</param>
internal sealed record SyncEntry(TimeSpan Tolerance, IReadOnlyList<string> Cameras)
{
    /// <summary>Reads the section; null = it is left out.</summary>
    /// <param name="section">The section.</param>
    /// <param name="known">The names of the cameras of the file: all of them unless the section names some.</param>
    public static SyncEntry? Read(YamlSection? section, IReadOnlyList<string> known)
    {
        if (section is null)
        {
            return null;
        }

        double tolerance = section.RequireDouble("tolerance_ms", 0.001, 1000);
        IReadOnlyList<string> cameras = section.Has("cameras") ? section.Strings("cameras") : known;
        foreach (string name in cameras.Except(known))
        {
            section.Problem("cameras", $"there is no camera '{name}'; the cameras are {string.Join(", ", known)}");
        }

        if (cameras.Distinct().Count() < 2)
        {
            section.Problem("cameras", $"a group has two cameras at least: found {(cameras.Count == 0 ? "none" : string.Join(", ", cameras))}");
        }
        else if (cameras.Count > SyncGroup.MaxMembers)
        {
            section.Problem("cameras", $"a group has at most {SyncGroup.MaxMembers} cameras, found {cameras.Count}");
        }

        section.RefuseUnknownKeys();
        return new SyncEntry(TimeSpan.FromMilliseconds(tolerance), cameras);
    }
}
