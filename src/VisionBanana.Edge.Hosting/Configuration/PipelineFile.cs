using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>A pipeline file as it concerns one camera.</summary>
internal sealed record PipelineFile
{
    /// <summary>What may stand at the root of a file, for the cameras that do not say it themselves.</summary>
    public static readonly IReadOnlyList<string> KeysOfACamera = ["instructions", "cloud", "obstacles", "zones", "detections", "streams", "scale"];

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

    /// <summary>Reads a file of one camera.</summary>
    /// <param name="path">The file.</param>
    /// <param name="further">Sections that the program adds; null = those of the tool are left out.</param>
    /// <exception cref="ConfigurationException">Everything that is wrong with it, or that it has several cameras.</exception>
    public static PipelineFile Read(string path, IReadOnlyList<PipelineSection>? further = null) => RobotFile.Read(path, further).Only;

    /// <summary>Reads what concerns one camera.</summary>
    /// <param name="root">The file.</param>
    /// <param name="section">The camera.</param>
    /// <param name="name">Its name in topics.</param>
    /// <param name="isOneOfSeveral">Then what is asked of it may stand at the camera, and at the root for those that say nothing.</param>
    /// <param name="shared">What all cameras have in common.</param>
    /// <param name="further">Sections that the program adds.</param>
    public static PipelineFile ReadCamera(
        YamlSection root, YamlSection section, string name, bool isOneOfSeveral, SharedKeys shared, IReadOnlyList<PipelineSection> further)
    {
        YamlSection At(string key) => isOneOfSeveral && section.Has(key) ? section : root;
        var camera = CameraEntry.Read(section, shared.Folder, name);
        List<InstructionEntry> instructions = [.. At("instructions").Sections("instructions", shorthand: "ask").Select(InstructionEntry.Read)];
        CloudOptions cloud = CloudEntry.Read(At("cloud").OptionalSection("cloud"));
        NavigationOptions? navigation = NavigationEntry.Read(At, camera.Mount);
        StreamOptions streams = StreamOptions.Read(At("streams").OptionalSection("streams"));
        (YamlSection scaleAt, string scaleKey) = isOneOfSeveral && section.Has("depth_scale") ? (section, "depth_scale") : (root, "scale");
        var scale = ScaleEntry.Read(scaleAt.OptionalSection(scaleKey));
        var names = new PipelineNames(
            new CameraAddress(shared.Device, name), shared.Folder, navigation is null ? [] : [.. navigation.Zones.Select(z => z.Name)], camera.Mount);
        object[] sections = [.. PipelineSection.All.Concat(further).Select(s => s.Read(s.IsOfCamera ? At(s.Key) : root, names)).OfType<object>()];
        if (streams.Color is null && sections.OfType<MqttEntry>().Any(m => m.Transport.HomeAssistant))
        {
            root.Problem("mqtt", "home_assistant shows the picture: expected the stream color, found it turned off");
        }

        IEnumerable<SensorEntry?> sensors = camera.LiveMount.Select(m => m.Sensor).Concat((scale?.Anchors ?? []).Select(a => a.Sensor));
        if (sensors.Any(s => s is { NeedsMqtt: true }) && !sections.OfType<MqttEntry>().Any())
        {
            root.Problem("mqtt", "a sensor is heard on a topic of the MQTT broker: expected the section mqtt, or zeromq at the sensor");
        }

        if (scale is not null && scale.Anchors.Any(a => a.Kind == "plane") && camera is { Mount: null, LiveMount.Count: 0 })
        {
            scaleAt.Problem(
                scaleKey, "the anchor plane needs the camera's height above the floor: expected "
                    + $"{section.Path}.mount or {section.Path}.live_mount");
        }

        section.RefuseUnknownKeys();
        return new PipelineFile
        {
            Path = shared.Path,
            Device = shared.Device,
            Camera = camera,
            Painter = shared.Painter,
            Instructions = instructions,
            Cloud = cloud,
            Navigation = navigation,
            OutputSize = shared.OutputSize,
            Streams = streams,
            Sinks = shared.Sinks,
            Scale = scale,
            Sections = sections,
        };
    }

    /// <summary>What all cameras of a file have in common.</summary>
    internal sealed record SharedKeys(string Path, string Folder, string Device, PainterEntry Painter, OutputSize OutputSize, SinkOptions Sinks);
}
