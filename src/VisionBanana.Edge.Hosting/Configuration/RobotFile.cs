using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>A pipeline file with all its cameras, read strictly: everything wrong with it is told at once, with line and column.</summary>
internal sealed record RobotFile
{
    private const int Version = 1;
    private const int MaxCameras = 32;

    /// <summary>The file as the user named it.</summary>
    public required string Path { get; init; }

    /// <summary>The cameras, each with what is asked of it and where its percepts go: one at least.</summary>
    public required IReadOnlyList<PipelineFile> Cameras { get; init; }

    /// <summary>Which cameras take their pictures at one moment; null = each for itself.</summary>
    public SyncEntry? Sync { get; init; }

    /// <summary>From where another model may be taken while it runs; null = none is.</summary>
    public RolloutEntry? Rollout { get; init; }

    /// <summary>The device's name in topics.</summary>
    public string Device => Cameras[0].Device;

    /// <summary>The model and how to run it, for all cameras.</summary>
    public PainterEntry Painter => Cameras[0].Painter;

    /// <summary>True with more than one camera.</summary>
    public bool HasSeveral => Cameras.Count > 1;

    /// <summary>The only camera.</summary>
    /// <exception cref="ConfigurationException">There are several.</exception>
    public PipelineFile Only => HasSeveral
        ? throw new ConfigurationException(
            $"{Path} names {Cameras.Count} cameras ({string.Join(", ", Cameras.Select(c => c.Camera.Name))}): expected a file with one (the section "
                + "camera). Several run with vbedge run, or in a program as a PipelineService.")
        : Cameras[0];

    /// <summary>What a section says that all cameras share, by its type; null when it is not there.</summary>
    public T? Section<T>()
        where T : class => Cameras[0].Section<T>();

    /// <summary>A file of one camera.</summary>
    public static RobotFile Of(PipelineFile file) => new() { Path = file.Path, Cameras = [file] };

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="further">Sections that the program adds; null = those of the tool are left out.</param>
    /// <exception cref="ConfigurationException">Everything that is wrong with it.</exception>
    public static RobotFile Read(string path, IReadOnlyList<PipelineSection>? further = null)
    {
        YamlSection root = YamlFile.Load(path);
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        if (root.RequireInt("version") is var version && version != Version && root.Has("version"))
        {
            root.Problem("version", $"this program reads version {Version} of pipeline files, found {version}");
        }

        var shared = new PipelineFile.SharedKeys(
            path, folder, root.RequireString("device"), PainterEntry.Read(root.OptionalSection("painter"), folder),
            ReadOutput(root.OptionalSection("output")), ReadSinks(root.OptionalSection("sinks")));
        List<PipelineFile> cameras = ReadCameras(root, shared, further ?? []);
        SyncEntry? sync = SyncEntry.Read(root.OptionalSection("sync"), [.. cameras.Select(c => c.Camera.Name)]);
        var rollout = RolloutEntry.Read(root.OptionalSection("rollout"), folder);
        foreach (string key in PipelineSection.OfTheTool)
        {
            root.Has(key);
        }

        root.RefuseUnknownKeys();
        root.Problems.ThrowIfAny();
        return new RobotFile { Path = path, Cameras = cameras, Sync = sync, Rollout = rollout };
    }

    private static List<PipelineFile> ReadCameras(YamlSection root, PipelineFile.SharedKeys shared, IReadOnlyList<PipelineSection> further)
    {
        if (!root.Has("cameras"))
        {
            return root.RequireSection("camera") is { } only
                ? [PipelineFile.ReadCamera(root, only, only.OptionalString("name") ?? "camera", isOneOfSeveral: false, shared, further)]
                : [];
        }

        if (root.Has("camera"))
        {
            root.Problem("cameras", "camera and cameras contradict each other: put the one camera into cameras, with its name");
        }

        IReadOnlyList<(string? Name, YamlSection Section)> sections = root.NamedSections("cameras");
        if (sections.Count is 0 or > MaxCameras)
        {
            root.Problem("cameras", $"expected 1 to {MaxCameras} cameras, found {sections.Count}");
            return [];
        }

        foreach (string key in PipelineFile.KeysOfACamera)
        {
            root.Has(key);
        }

        var cameras = new List<PipelineFile>();
        var checks = new CameraClashes();
        foreach ((string? given, YamlSection section) in sections)
        {
            string name = given ?? section.RequireString("name");
            PipelineFile camera = PipelineFile.ReadCamera(root, section, name, isOneOfSeveral: true, shared, further);
            checks.Add(section, camera);
            cameras.Add(camera);
        }

        foreach (PipelineSection section in PipelineSection.All.Where(s => s.IsOfCamera && cameras.Count > 1 && root.Has(s.Key)))
        {
            root.Problem(section.Key, $"one camera says this: expected cameras.{cameras[0].Camera.Name}.{section.Key}, or at another camera");
        }

        return cameras;
    }

    /// <summary>Reads <c>output</c>.</summary>
    public static OutputSize ReadOutput(YamlSection? section)
    {
        OutputSize size = section?.OptionalOneOf("size", "painter", "source") == 1 ? OutputSize.Source : OutputSize.Painter;
        section?.RefuseUnknownKeys();
        return size;
    }

    private static SinkOptions ReadSinks(YamlSection? section)
    {
        var options = new SinkOptions();
        if (section is null)
        {
            return options;
        }

        options = options with
        {
            Capacity = section.OptionalInt("queue", 1, 1000) ?? options.Capacity,
            MaxAge = section.OptionalInt("max_age_ms", 1, 3_600_000) is { } age ? TimeSpan.FromMilliseconds(age) : null,
        };
        section.RefuseUnknownKeys();
        return options;
    }
}
