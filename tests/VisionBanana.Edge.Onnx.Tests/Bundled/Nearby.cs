namespace VisionBanana.Edge.Onnx.Tests.Bundled;

/// <summary>Folders of the repository and beside it, found from here upwards; tests skip where they are absent.</summary>
internal static class Nearby
{
    public static string BundledPainter() => Find(Path.Combine("models", "painter-s", "model.yaml"), "models/painter-s is not in this checkout");

    public static string RealData(string set) =>
        Find(Path.Combine("shared", "data", "real", set), $"shared/data/real/{set} is not here");

    private static string Find(string relative, string reason)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, relative);
            if (Path.Exists(path))
            {
                return path;
            }
        }

        Assert.Skip(reason);
        return "";
    }
}
