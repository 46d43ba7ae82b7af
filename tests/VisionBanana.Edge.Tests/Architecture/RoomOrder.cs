namespace VisionBanana.Edge.Tests.Architecture;

/// <summary>The folders ("rooms") of a project in their order: a room uses only rooms before it. The empty name is the project's own folder.</summary>
internal sealed record RoomOrder(string Project, params IReadOnlyList<string> Rooms)
{
    /// <summary>The order of every project with more than one folder; ARCHITECTURE.md shows it.</summary>
    public static readonly IReadOnlyList<RoomOrder> All =
    [
        new(
            "VisionBanana.Edge",
            "", "Diagnostics", "Programs", "Mavlink", "Configuration", "Imaging", "Calibration", "Calibration/Formats", "Instructions", "Codecs",
            "Geometry", "Scale", "Navigation", "Perception", "Messages/Ros", "Messages", "Sensors",
            "Pipeline", "Autopilot", "Network", "Sources", "Recording"),
        new("VisionBanana.Edge.OpenCv", "", "Pictures", "Operators", "Calibration", "Sources"),
        new("VisionBanana.Edge.Onnx", "Models", "Execution", "Engines", "Sessions", "Painting"),
        new("VisionBanana.Edge.Hosting", "Configuration", "Composition", ""),
        new(
            "VisionBanana.Edge.Cli", "Shell", "Network", "Foxglove", "Percepts", "Viewing", "Pipelines", "Setup", "Evaluation", "Fleet", "Doctor",
            "Bench", "Commands", ""),
    ];

    /// <summary>What breaks the order: one line for each file and the room that it should not know, naming both files.</summary>
    public IEnumerable<string> Breaches(IReadOnlyList<SourceFile> files)
    {
        ILookup<(string Namespace, string Type), SourceFile> declarations =
            files.SelectMany(f => f.Types.Select(t => (Key: (f.Namespace, t), File: f))).ToLookup(d => d.Key, d => d.File);
        foreach (SourceFile file in files)
        {
            int own = IndexOf(file.Folder);
            if (own < 0)
            {
                yield return $"{Project}/{file.Path}: the folder '{file.Folder}' has no place in the order";
                continue;
            }

            IEnumerable<SourceFile> used = file.Visible().SelectMany(space => file.Names.SelectMany(name => declarations[(space, name)]))
                .Concat(file.Qualified().SelectMany(name => declarations[name]));
            foreach (SourceFile other in used.Where(u => IndexOf(u.Folder) > own).Distinct())
            {
                yield return $"{Project}/{file.Path} uses {other.Path}, but '{file.Folder}' stands before '{other.Folder}'";
            }

            foreach (string space in file.Usings.Where(u => IndexOf(FolderOf(u)) > own))
            {
                yield return $"{Project}/{file.Path} has 'using {space}', but '{file.Folder}' stands before it";
            }
        }
    }

    private string FolderOf(string space) =>
        space == Project ? "" : space.StartsWith(Project + ".", StringComparison.Ordinal) ? space[(Project.Length + 1)..].Replace('.', '/') : "?";

    private int IndexOf(string folder)
    {
        for (int i = 0; i < Rooms.Count; i++)
        {
            if (Rooms[i] == folder)
            {
                return i;
            }
        }

        return -1;
    }
}
