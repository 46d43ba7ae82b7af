using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>A pipeline file, read strictly: everything wrong with it is told at once, with line and column.</summary>
internal sealed record PipelineFile
{
    private const int Version = 1;

    /// <summary>The file as the user named it.</summary>
    public required string Path { get; init; }

    /// <summary>The device's name in topics.</summary>
    public required string Device { get; init; }

    /// <summary>The camera.</summary>
    public required CameraEntry Camera { get; init; }

    /// <summary>The model and how to run it.</summary>
    public required PainterEntry Painter { get; init; }

    /// <summary>What is asked of it.</summary>
    public required IReadOnlyList<InstructionEntry> Instructions { get; init; }

    /// <summary>How clouds are made.</summary>
    public required CloudOptions Cloud { get; init; }

    /// <summary>What is told to robots that move; null = not asked.</summary>
    public NavigationOptions? Navigation { get; init; }

    /// <summary>In which picture percepts are given.</summary>
    public required OutputSize OutputSize { get; init; }

    /// <summary>What is published.</summary>
    public required StreamOptions Streams { get; init; }

    /// <summary>The queue before each sink.</summary>
    public required SinkOptions Sinks { get; init; }

    /// <summary>How the scale of the depth is estimated; null = it is not.</summary>
    public ScaleEntry? Scale { get; init; }

    /// <summary>What its sections say that are read on their own, in the order of the table; see <see cref="PipelineSection"/>.</summary>
    public required IReadOnlyList<object> Sections { get; init; }

    /// <summary>MQTT, or null.</summary>
    public MqttEntry? Mqtt => Section<MqttEntry>();

    /// <summary>ZeroMQ, or null.</summary>
    public ZeroMqOptions? ZeroMq => Section<ZeroMqEntry>()?.Transport;

    /// <summary>What a section says, by its type; null when it is not there.</summary>
    public T? Section<T>()
        where T : class => Sections.OfType<T>().FirstOrDefault();

    /// <summary>The same pipeline with other words in one section; null = without it.</summary>
    public PipelineFile With<T>(T? section)
        where T : class => this with { Sections = [.. Sections.Where(s => s is not T), .. section is null ? [] : (object[])[section]] };

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="further">Sections that the program adds; null = those of the tool are left out.</param>
    /// <exception cref="ConfigurationException">Everything that is wrong with it.</exception>
    public static PipelineFile Read(string path, IReadOnlyList<PipelineSection>? further = null)
    {
        YamlSection root = YamlFile.Load(path);
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        if (root.RequireInt("version") is var version && version != Version && root.Has("version"))
        {
            root.Problem("version", $"this program reads version {Version} of pipeline files, found {version}");
        }

        string device = root.RequireString("device");
        CameraEntry? camera = CameraEntry.Read(root.RequireSection("camera"), folder);
        PainterEntry painter = PainterEntry.Read(root.OptionalSection("painter"), folder);
        List<InstructionEntry> instructions = [.. root.Sections("instructions", shorthand: "ask").Select(InstructionEntry.Read)];
        CloudOptions cloud = CloudEntry.Read(root.OptionalSection("cloud"));
        NavigationOptions? navigation = NavigationEntry.Read(root, camera?.Mount);
        OutputSize size = ReadOutput(root.OptionalSection("output"));
        StreamOptions streams = StreamOptions.Read(root.OptionalSection("streams"));
        SinkOptions sinks = ReadSinks(root.OptionalSection("sinks"));
        var scale = ScaleEntry.Read(root.OptionalSection("scale"));
        var names = new PipelineNames(
            new CameraAddress(device, camera?.Name ?? "camera"), folder, navigation is null ? [] : [.. navigation.Zones.Select(z => z.Name)], camera?.Mount);
        object[] sections = [.. PipelineSection.All.Concat(further ?? []).Select(s => s.Read(root, names)).OfType<object>()];
        foreach (string key in PipelineSection.OfTheTool)
        {
            root.Has(key);
        }

        if (streams.Color is null && sections.OfType<MqttEntry>().Any(m => m.Transport.HomeAssistant))
        {
            root.Problem("mqtt", "home_assistant shows the picture: expected the stream color, found it turned off");
        }

        IEnumerable<SensorEntry?> sensors = (camera?.LiveMount ?? []).Select(m => m.Sensor).Concat((scale?.Anchors ?? []).Select(a => a.Sensor));
        bool needsMqtt = sensors.Any(s => s is { NeedsMqtt: true });
        if (needsMqtt && !sections.OfType<MqttEntry>().Any())
        {
            root.Problem("mqtt", "a sensor is heard on a topic of the MQTT broker: expected the section mqtt, or zeromq at the sensor");
        }

        if (scale is not null && scale.Anchors.Any(a => a.Kind == "plane") && camera is { Mount: null, LiveMount.Count: 0 })
        {
            root.Problem("scale", "the anchor plane needs the camera's height above the floor: expected camera.mount or camera.live_mount");
        }

        root.RefuseUnknownKeys();
        root.Problems.ThrowIfAny();
        return new PipelineFile
        {
            Path = path,
            Device = device,
            Camera = camera!,
            Painter = painter,
            Instructions = instructions,
            Cloud = cloud,
            Navigation = navigation,
            OutputSize = size,
            Streams = streams,
            Sinks = sinks,
            Scale = scale,
            Sections = sections,
        };
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
