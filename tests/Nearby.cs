namespace VisionBanana.Edge.Tests;

/// <summary>Compiled into every test project: the repository, and what lies beside it.</summary>
internal static class Nearby
{
    /// <summary>The folder that holds the solution.</summary>
    public static string RepositoryRoot { get; } = FindUp("VisionBanana.Edge.sln") is { } solution
        ? Path.GetDirectoryName(solution)!
        : throw new InvalidOperationException($"No VisionBanana.Edge.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");

    /// <summary>The folder of the bundled model packages.</summary>
    public static string Models { get; } = Path.Combine(RepositoryRoot, "models");

    /// <summary>The folder of the painter that runs when none is named.</summary>
    public static string BundledPainter { get; } = Path.Combine(Models, "painter-s");

    /// <summary>A file or folder of the real pictures that lie beside the repository in shared/data; the test skips where they are absent.</summary>
    public static string SharedData(string relative)
    {
        if (FindUp(Path.Combine("shared", "data", relative)) is { } path)
        {
            return path;
        }

        Assert.Skip($"shared/data/{relative} is not beside this repository");
        return "";
    }

    private static string? FindUp(string relative)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, relative);
            if (Path.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
