using System.IO.Enumeration;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>Finds the pictures that patterns, folders and names stand for.</summary>
internal static class PictureList
{
    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp", ".pgm", ".ppm"];

    /// <summary>The files, each once, in the order given and within a pattern by name.</summary>
    /// <exception cref="ConfigurationException">A pattern stands for nothing.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> patterns)
    {
        var found = new List<string>();
        foreach (string pattern in patterns)
        {
            string[] files = Matching(pattern);
            if (files.Length == 0)
            {
                throw new ConfigurationException($"There is no picture at '{pattern}': expected a picture, a folder, or a pattern such as 'boards/left*.jpg'.");
            }

            found.AddRange(files.Where(f => !found.Contains(f)));
        }

        return found;
    }

    private static string[] Matching(string pattern)
    {
        if (File.Exists(pattern))
        {
            return [pattern];
        }

        string folder = Directory.Exists(pattern) ? pattern : Path.GetDirectoryName(pattern) is { Length: > 0 } parent ? parent : ".";
        string name = Directory.Exists(pattern) ? "*" : Path.GetFileName(pattern);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder)
                .Where(f => FileSystemName.MatchesSimpleExpression(name, Path.GetFileName(f), ignoreCase: false)
                    && (name != "*" || Endings.Contains(Path.GetExtension(f).ToLowerInvariant())))
                .Order(StringComparer.Ordinal)]
            : [];
    }
}
