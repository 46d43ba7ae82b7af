using System.Globalization;

namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>How long earlier builds took on this machine: one line each, so that the next one can be estimated. Outlives the entries.</summary>
internal sealed class BuildHistory(string path)
{
    private const int Most = 200;

    /// <summary>Remembers a build. A history that cannot be written is none: estimates are not worth an error.</summary>
    public void Add(EngineKey key, long modelBytes, TimeSpan took)
    {
        try
        {
            string line = string.Create(CultureInfo.InvariantCulture, $"{SameBuild(key)}\t{SameMachine(key)}\t{modelBytes}\t{took.TotalSeconds:R}");
            File.WriteAllLines(path + ".new", [.. Lines().TakeLast(Most - 1), line]);
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>The last build of this model with these options here; else of another model with this provider here, by size; else null.</summary>
    public TimeSpan? Estimate(EngineKey key, long modelBytes)
    {
        TimeSpan? bySize = null;
        foreach (string line in Lines().Reverse())
        {
            if (line.Split('\t') is not [string build, string machine, string bytes, string seconds]
                || !long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out long size) || size <= 0
                || !double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out double took) || !(took is >= 0 and < 1e6))
            {
                continue;
            }

            if (build == SameBuild(key) && machine == SameMachine(key))
            {
                return TimeSpan.FromSeconds(took);
            }

            if (machine == SameMachine(key))
            {
                bySize ??= TimeSpan.FromSeconds(took * modelBytes / size);
            }
        }

        return bySize;
    }

    private static string SameBuild(EngineKey key) => EngineKey.HashOf(key.Fields.Where(f => !EngineKey.OfMachine.Contains(f.Key)))[..16];

    private static string SameMachine(EngineKey key) => EngineKey.HashOf(key.Fields.Where(f => f.Key is "provider" or "device"))[..16];

    private string[] Lines()
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
