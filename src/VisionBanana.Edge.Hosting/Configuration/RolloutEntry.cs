using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>rollout</c> of a pipeline file: from where another model may be taken while it runs.</summary>
/// <param name="Folder">Packages are its subfolders; what is fetched is put there too.</param>
/// <param name="Hosts">Hosts, with their ports where those are unusual, that packages may be fetched from.</param>
/// <param name="MaxBytes">The most that one package may weigh.</param>
internal sealed record RolloutEntry(string Folder, IReadOnlyList<string> Hosts, long MaxBytes)
{
    /// <summary>Reads the section; null = it is left out, and no other model is taken.</summary>
    public static RolloutEntry? Read(YamlSection? section, string folder)
    {
        if (section is null)
        {
            return null;
        }

        var entry = new RolloutEntry(
            Path.GetFullPath(Path.Combine(folder, section.RequireString("folder"))), section.Has("hosts") ? section.Strings("hosts") : [],
            (long)(section.OptionalInt("max_mib", 1, 65_536) ?? 1024) << 20);
        foreach (string host in entry.Hosts.Where(h => !Uri.TryCreate($"https://{h}/", UriKind.Absolute, out Uri? uri) || uri.Authority != h))
        {
            section.Problem("hosts", $"expected a host such as models.example or models.example:8443, found '{host}'");
        }

        section.RefuseUnknownKeys();
        return entry;
    }
}
