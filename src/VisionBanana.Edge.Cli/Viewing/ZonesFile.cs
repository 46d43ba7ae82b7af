using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>
/// Writes zones that were drawn into the section <c>zones</c> of a pipeline file. Every other line stays as it is; a zone that was there keeps its other
/// keys. The new file is read as every pipeline file is before it takes the place of the old one.
/// </summary>
/// <param name="path">The pipeline file.</param>
/// <param name="read">Reads a pipeline file with all its sections.</param>
internal sealed class ZonesFile(string path, Func<string, PipelineFile> read)
{
    /// <summary>The pipeline file.</summary>
    public string Path => path;

    private readonly Lock _gate = new();

    /// <summary>Writes them.</summary>
    /// <param name="drawn">The zones and their corners; a zone that is not among them is removed.</param>
    /// <param name="camera">The camera of the pictures, or null: a zone that it does not see is refused.</param>
    /// <exception cref="ConfigurationException">They cannot be watched, or the file cannot be written; it is then as it was.</exception>
    public void Save(IReadOnlyList<DrawnZone> drawn, CameraIntrinsics? camera)
    {
        // Two pages may save at once.
        lock (_gate)
        {
            SaveAlone(drawn, camera);
        }
    }

    private void SaveAlone(IReadOnlyList<DrawnZone> drawn, CameraIntrinsics? camera)
    {
        string draft = $"{path}.{Environment.ProcessId}.draft";
        try
        {
            string place = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            draft = $"{place}.{Environment.ProcessId}.draft";
            ZoneOptions[] zones = [.. drawn.Select(z => Merge(z, read(path).Navigation?.Zones ?? []))];
            Write(draft, Replace(File.ReadAllText(place), zones), place);
            PipelineFile file = read(draft);
            string[] problems = camera is null || file.Navigation is not { } navigation ? [] : [.. navigation.ProblemsWith(camera)];
            if (problems.Length > 0)
            {
                throw new ConfigurationException(string.Join(Environment.NewLine, problems));
            }

            if (!(file.Navigation?.Zones ?? []).Select(ZoneText.Of).SequenceEqual(zones.Select(ZoneText.Of)))
            {
                throw new ConfigurationException(
                    "zones of this file cannot be replaced by a program: write them as a list of its own, as samples/pipeline.yaml does.");
            }

            File.Move(draft, place, overwrite: true);
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException(e.Message.Replace(draft, System.IO.Path.GetFileName(path), StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} cannot be written: {e.Message}");
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Writes a file that those may read who may read another: a pipeline file may hold a password.</summary>
    private static void Write(string draft, string text, string like)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File.GetUnixFileMode(like);
        }

        using var writer = new StreamWriter(draft, options);
        writer.Write(text);
    }

    /// <summary>The text of a file with other zones.</summary>
    internal static string Replace(string text, IReadOnlyList<ZoneOptions> zones)
    {
        string end = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        List<string> lines = [.. text.Split('\n').Select(line => line.TrimEnd('\r'))];
        string[] section = zones.Count == 0 ? ["zones: []"] : ["zones:", .. zones.Select(zone => $"  - {ZoneText.Of(zone)}")];
        int from = lines.FindIndex(line => line.StartsWith("zones:", StringComparison.Ordinal));
        if (from < 0)
        {
            int last = lines.FindLastIndex(line => line.Length > 0) + 1;
            return string.Join(end, [.. lines[..last], .. section, ""]);
        }

        int to = from + 1;
        while (to < lines.Count && (lines[to].Length == 0 || lines[to][0] is ' ' or '\t' or '-' or '#' or ']' or '}'))
        {
            to++;
        }

        // Empty lines and comments behind it belong to what follows.
        while (to > from + 1 && (lines[to - 1].Length == 0 || lines[to - 1][0] == '#'))
        {
            to--;
        }

        return string.Join(end, [.. lines[..from], .. section, .. lines[to..]]);
    }

    private static ZoneOptions Merge(DrawnZone drawn, IReadOnlyList<ZoneOptions> before)
    {
        ZoneOptions? same = before.FirstOrDefault(zone => zone.Name == drawn.Name);
        bool isUnchanged = same is not null && ZoneOutline.Of(same.Shape).Count() == drawn.Corners.Count
            && ZoneOutline.Of(same.Shape).Zip(drawn.Corners).All(c => Math.Abs(c.First[0] - c.Second.X) < 0.002 && Math.Abs(c.First[1] - c.Second.Y) < 0.002);
        ZoneShape shape = isUnchanged ? same!.Shape : new PolygonZone([.. drawn.Corners.Select(c => ((float)c.X, (float)c.Y))]);
        return (same ?? new ZoneOptions { Name = drawn.Name, Shape = shape }) with { Shape = shape };
    }
}
