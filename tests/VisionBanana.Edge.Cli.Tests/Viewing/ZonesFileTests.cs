using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Cli.Viewing;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Viewing;

public sealed class ZonesFileTests
{
    [Fact]
    public void Save_FileThatOnlyItsOwnerReads_StaysSo()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("files have no mode there");
            return;
        }

        using var work = new WorkFolder();
        string path = Path.Combine(work.Path, "robot.yaml");
        File.Copy(Path.Combine(Nearby.RepositoryRoot, "samples", "robots", "pipeline.yaml"), path);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        new ZonesFile(path, ToolSections.Read).Save([new DrawnZone("ahead", [(0.5, -0.3), (1.5, -0.3), (1.5, 0.3), (0.5, 0.3)])], null);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Contains("ahead", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(work.Path));
    }
}
