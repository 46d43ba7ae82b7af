namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>Folders and lists of picture files.</summary>
internal static class ImageFolder
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp", ".pgm", ".ppm"];

    public static bool IsPicture(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    public static SourceDescription Open(string folder, CameraSourceOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string[] paths;
        try
        {
            paths = [.. Directory.EnumerateFiles(folder).Where(IsPicture)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CameraException($"The folder '{folder}' cannot be read: {e.Message}", e);
        }

        if (paths.Length == 0)
        {
            throw new CameraException($"The folder '{folder}' holds no pictures ({string.Join(", ", Extensions)}).");
        }

        Array.Sort(paths, NaturalOrder.Compare);
        return Describe($"folder {Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}", paths, options);
    }

    public static SourceDescription Open(IReadOnlyList<string> paths, CameraSourceOptions options)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0)
        {
            throw new CameraException("The list of pictures is empty.");
        }

        foreach (string path in paths)
        {
            SourceFiles.RequireReadable(path, "picture");
        }

        return Describe(paths.Count == 1 ? $"picture {Path.GetFileName(paths[0])}" : "list", paths, options);
    }

    private static SourceDescription Describe(string name, IReadOnlyList<string> paths, CameraSourceOptions options)
    {
        SourceChecks.Refuse(
            "a folder of pictures", ("width", options.Width is not null), ("height", options.Height is not null), ("fourcc", options.FourCc is not null));

        // The first readable picture decides the size of all.
        using var reader = new ImageReader(paths);
        while (reader.Grab())
        {
            using OpenCvSharp.Mat picture = new();
            if (reader.Retrieve(picture))
            {
                string text = $"{name}, {paths.Count} picture{(paths.Count == 1 ? "" : "s")}, {picture.Width}×{picture.Height}";
                return new SourceDescription(text, picture.Width, picture.Height, false, options.FramesPerSecond, options, () => new ImageReader(paths));
            }
        }

        throw new CameraException($"None of the {paths.Count} pictures of {name} is readable, beginning with '{paths[0]}'.");
    }
}
