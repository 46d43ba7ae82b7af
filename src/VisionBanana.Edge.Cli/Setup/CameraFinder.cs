namespace VisionBanana.Edge.Cli.Setup;

/// <summary>The V4L2 cameras of this machine.</summary>
internal static class CameraFinder
{
    /// <summary>Their device files in order, each with the name that its driver gives; the nodes of metadata are left out.</summary>
    public static IReadOnlyList<FoundCamera> Find(string devices = "/dev", string facts = "/sys/class/video4linux")
    {
        string[] nodes = Directory.Exists(devices) ? Directory.GetFiles(devices, "video*") : [];
        return
        [
            .. nodes.Select(path => (Path: path, Facts: Path.Combine(facts, Path.GetFileName(path))))
                .Where(node => ReadLine(Path.Combine(node.Facts, "index")) is null or "0")
                .OrderBy(node => node.Path.Length).ThenBy(node => node.Path, StringComparer.Ordinal)
                .Select(node => new FoundCamera(node.Path, ReadLine(Path.Combine(node.Facts, "name")) ?? "camera")),
        ];
    }

    private static string? ReadLine(string path)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault()?.Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>A camera that was found.</summary>
/// <param name="Address">What <c>camera.source</c> takes.</param>
/// <param name="Name">What its driver calls it.</param>
internal sealed record FoundCamera(string Address, string Name);
