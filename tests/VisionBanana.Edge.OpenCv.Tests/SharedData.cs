namespace VisionBanana.Edge.OpenCv.Tests;

/// <summary>Real pictures that live beside the repository; tests skip where they are absent.</summary>
internal static class SharedData
{
    public static string Find(string relative)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "data", relative);
            if (Path.Exists(path))
            {
                return path;
            }
        }

        Assert.Skip($"shared/data/{relative} is not here");
        return "";
    }
}
