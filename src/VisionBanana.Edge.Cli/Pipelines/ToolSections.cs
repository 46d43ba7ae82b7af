using VisionBanana.Edge.Cli.Foxglove;
using VisionBanana.Edge.Cli.Viewing;
using VisionBanana.Edge.Hosting.Configuration;

namespace VisionBanana.Edge.Cli.Pipelines;

/// <summary>The sections of a pipeline file that the tool adds to those of the library.</summary>
internal static class ToolSections
{
    private static readonly IReadOnlyList<PipelineSection> All =
    [
        new("fleet", (root, _) => FleetEntry.Read(root.OptionalSection("fleet"))),
        new("foxglove", (root, names) => FoxgloveEntry.Read(root.OptionalSection("foxglove"), names)),
        new("view", (root, names) => ViewEntry.Read(root, names.Folder)),
    ];

    /// <summary>Reads a pipeline file of one camera with the sections of the tool.</summary>
    /// <exception cref="ConfigurationException">Everything that is wrong with it, or that it has several cameras.</exception>
    public static PipelineFile Read(string path) => PipelineFile.Read(path, All);

    /// <summary>Reads a pipeline file with all its cameras and the sections of the tool.</summary>
    /// <exception cref="ConfigurationException">Everything that is wrong with it.</exception>
    public static RobotFile ReadAll(string path) => RobotFile.Read(path, All);
}
