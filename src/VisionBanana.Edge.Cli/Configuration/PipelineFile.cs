using VisionBanana.Edge.Cli.Commands;
using VisionBanana.Edge.Cli.Foxglove;
using VisionBanana.Edge.Cli.Viewing;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Cli.Configuration;

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

    /// <summary>In which picture percepts are given.</summary>
    public required OutputSize OutputSize { get; init; }

    /// <summary>What is published.</summary>
    public required StreamOptions Streams { get; init; }

    /// <summary>The queue before each sink.</summary>
    public required SinkOptions Sinks { get; init; }

    /// <summary>MQTT, or null.</summary>
    public MqttEntry? Mqtt { get; init; }

    /// <summary>ZeroMQ, or null.</summary>
    public ZeroMqOptions? ZeroMq { get; init; }

    /// <summary>The Foxglove WebSocket server, or null.</summary>
    public FoxgloveOptions? Foxglove { get; init; }

    /// <summary>The live view, or null.</summary>
    public ViewOptions? View { get; init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">Everything that is wrong with it.</exception>
    public static PipelineFile Read(string path)
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
        List<InstructionEntry> instructions = [.. root.Sections("instructions").Select(InstructionEntry.Read)];
        CloudOptions cloud = CloudEntry.Read(root.OptionalSection("cloud"));
        OutputSize size = ReadOutput(root.OptionalSection("output"));
        StreamOptions streams = StreamsEntry.Read(root.OptionalSection("streams"));
        SinkOptions sinks = ReadSinks(root.OptionalSection("sinks"));
        MqttEntry? mqtt = MqttEntry.Read(root.OptionalSection("mqtt"), device, camera?.Name ?? "camera", folder);
        ZeroMqOptions? zeroMq = ZeroMqEntry.Read(root.OptionalSection("zeromq"), device, camera?.Name ?? "camera", folder);
        FoxgloveOptions? foxglove = FoxgloveEntry.Read(root.OptionalSection("foxglove"), device, camera?.Name ?? "camera");
        ViewOptions? view = ViewEntry.Read(root, folder);
        if (mqtt is { Transport.HomeAssistant: true } && streams.Color is null)
        {
            root.Problem("mqtt", "home_assistant shows the picture: expected the stream color, found it turned off");
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
            OutputSize = size,
            Streams = streams,
            Sinks = sinks,
            Mqtt = mqtt,
            ZeroMq = zeroMq,
            Foxglove = foxglove,
            View = view,
        };
    }

    /// <summary>The same pipeline with what the command line says instead; a new source brings its own calibration or none.</summary>
    public PipelineFile With(
        string? source, string? calibration, double? hfovDegrees, string? model, IReadOnlyList<string> instructions, string? precision = null)
    {
        CommonOptions.RefuseBoth(calibration, hfovDegrees);
        CameraEntry camera = source is null ? Camera : Camera with { Source = new SourceEntry(source, new CameraSourceOptions()), Calibration = null, HfovDegrees = null };
        if (calibration is not null || hfovDegrees is not null)
        {
            camera = camera with { Calibration = calibration, HfovDegrees = hfovDegrees };
        }

        return this with
        {
            Camera = camera,
            Painter = Painter with { Model = model ?? Painter.Model, Execution = CommonOptions.With(Painter.Execution, precision) },
            Instructions = instructions.Count == 0 ? Instructions : [.. instructions.Select(InstructionEntry.OfCommandLine)],
        };
    }

    private static OutputSize ReadOutput(YamlSection? section)
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
