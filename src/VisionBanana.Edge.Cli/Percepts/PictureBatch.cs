namespace VisionBanana.Edge.Cli.Percepts;

/// <summary>
/// The pictures that files and folders of the command line stand for, each with the place of its results: below the output folder as the
/// picture is below the folder that all have in common, so that two pictures of one name do not meet.
/// </summary>
internal static class PictureBatch
{
    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp", ".pgm", ".ppm"];

    /// <summary>Finds the pictures in the order given, those of a folder by name, each once.</summary>
    /// <param name="paths">Files, which need not exist, and folders, which are searched to their depth.</param>
    /// <param name="output">The output folder.</param>
    /// <exception cref="ConfigurationException">A folder holds no picture, or cannot be read.</exception>
    public static IReadOnlyList<PictureTask> Plan(IReadOnlyList<string> paths, string output)
    {
        var pictures = new List<(string Path, string Full)>();
        var roots = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            bool isFolder = Directory.Exists(path);
            roots.Add(isFolder ? Path.GetFullPath(path) : Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath(path));
            foreach (string picture in isFolder ? PicturesIn(path) : [path])
            {
                if (seen.Add(Path.GetFullPath(picture)))
                {
                    pictures.Add((picture, Path.GetFullPath(picture)));
                }
            }
        }

        string root = roots.Aggregate(CommonFolder);
        string StemOf(string full) => Path.Combine(output, Path.ChangeExtension(Path.GetRelativePath(root, full), null));

        // Where only endings differ, they stay in the names of the results.
        HashSet<string> ambiguous = [.. pictures.GroupBy(p => StemOf(p.Full)).Where(g => g.Count() > 1).Select(g => g.Key)];
        return
        [
            .. pictures.Select(p => new PictureTask(
                p.Path, ambiguous.Contains(StemOf(p.Full)) ? Path.Combine(output, Path.GetRelativePath(root, p.Full)) : StemOf(p.Full))),
        ];
    }

    private static string[] PicturesIn(string folder)
    {
        try
        {
            string[] found =
            [
                .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                    .Where(f => Endings.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase))
                    .Order(StringComparer.Ordinal),
            ];
            return found.Length > 0
                ? found
                : throw new ConfigurationException($"The folder '{folder}' holds no pictures: expected {string.Join(", ", Endings)}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The folder '{folder}' cannot be read: {e.Message}", e);
        }
    }

    private static string CommonFolder(string a, string b)
    {
        static string Closed(string folder) => Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar;
        string common = a;
        while (!Closed(b).StartsWith(Path.EndsInDirectorySeparator(common) ? common : Closed(common), StringComparison.Ordinal))
        {
            common = Path.GetDirectoryName(common)
                ?? throw new ConfigurationException($"'{a}' and '{b}' have no folder in common: give them one after the other.");
        }

        return common;
    }
}
