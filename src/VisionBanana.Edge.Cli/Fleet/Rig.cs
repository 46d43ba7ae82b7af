using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>
/// What a worker must know of a camera to answer as a pipeline on the robot would: names, calibration, mount, instructions, streams. It travels once,
/// as YAML with the camera's sensor_msgs/CameraInfo in it, and is named by its hash. Nothing of where the robot gets its pictures stands in it.
/// </summary>
/// <param name="File">The pipeline, without source and painter.</param>
/// <param name="Calibration">The camera of its pictures; null = not calibrated.</param>
/// <param name="MaxAge">A picture that is older when its turn comes is not painted.</param>
internal sealed record Rig(PipelineFile File, CameraIntrinsics? Calibration, TimeSpan MaxAge)
{
    private const int Version = 1;

    /// <summary>Longer texts are refused.</summary>
    public const int MaxBytes = 256 * 1024;

    // What every worker would see a part of only: it needs one process that sees each picture.
    private static readonly string[] OfOneProcess = ["zones", "detections", "obstacle_distance"];

    /// <summary>The name of a rig: half of the SHA-256 of its text.</summary>
    public static string HashOf(ReadOnlySpan<byte> text) => Convert.ToHexStringLower(SHA256.HashData(text))[..FleetTopics.RigLetters];

    /// <summary>Writes the rig of a pipeline file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="calibration">The camera as it was opened; null = not calibrated.</param>
    /// <param name="fleet">How pictures are handed over.</param>
    /// <param name="instructions">What is asked instead of what the file says; null = that.</param>
    /// <exception cref="ConfigurationException">The file asks for what only one process can do that sees every picture.</exception>
    public static byte[] Write(
        PipelineFile file, CameraIntrinsics? calibration, FleetEntry fleet, IReadOnlyList<AskedInstruction>? instructions = null)
    {
        YamlSection root = YamlFile.Load(file.Path);
        Refuse(file, root);
        MqttOptions mqtt = file.Mqtt!.Transport;
        var text = new StringBuilder();
        void Line(string key, string value) => text.Append(key).Append(": ").Append(value).Append('\n');
        Line("version", Version.ToString(CultureInfo.InvariantCulture));
        Line("device", JsonSerializer.Serialize(file.Device));
        Line("camera", JsonSerializer.Serialize(file.Camera.Name));
        Line("frame_id", JsonSerializer.Serialize(file.Camera.FrameId));
        if (calibration is not null)
        {
            Line("camera_info", Convert.ToBase64String(RosMessage.Encode(CameraInfo.From(calibration, new Header(default, file.Camera.FrameId)))));
        }

        Line("use_mount", file.Painter.UsesMount ? "true" : "false");
        Line("max_age_ms", fleet.MaxAge.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        Line("message_expiry_s", mqtt.MessageExpiry.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        Line("quarter_turns", file.Camera.Source.QuarterTurns.ToString(CultureInfo.InvariantCulture));
        text.Append(root.OptionalSection("camera")?.Excerpt("mount", "view"));
        text.Append(root.Excerpt("streams", "cloud", "output", "obstacles"));
        if (instructions is null)
        {
            text.Append(root.Excerpt("instructions"));
        }
        else
        {
            text.Append("instructions:\n");
            foreach (AskedInstruction asked in instructions)
            {
                text.Append("- {ask: ").Append(JsonSerializer.Serialize(asked.Ask)).Append(CultureInfo.InvariantCulture, $", every: {asked.Every}}}\n");
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Reads a rig, as strictly as a pipeline file.</summary>
    /// <param name="text">What the broker keeps.</param>
    /// <param name="name">What problems call it.</param>
    /// <exception cref="ConfigurationException">Everything that is wrong with it.</exception>
    public static Rig Read(byte[] text, string name)
    {
        if (text.Length > MaxBytes)
        {
            throw new ConfigurationException($"{name} has {text.Length} bytes, expected at most {MaxBytes}.");
        }

        YamlSection root = YamlFile.Parse(Encoding.UTF8.GetString(text), name);
        if (root.RequireInt("version") is var version && version != Version && root.Has("version"))
        {
            root.Problem("version", $"this program reads version {Version} of rigs, found {version}");
        }

        string device = root.RequireString("device"), camera = root.RequireString("camera"), frameId = root.RequireString("frame_id");
        CameraIntrinsics? calibration = ReadCalibration(root);
        if (HasControls(frameId))
        {
            root.Problem("frame_id", "expected a name without control characters");
        }

        // As its file says: the mount is that of the camera, not of the turned picture.
        int turns = root.OptionalInt("quarter_turns", 0, 3) ?? 0;
        CameraMount? mount = MountEntry.Read(root.OptionalSection("mount"))?.Turned(turns);
        if (mount is not null && HasControls(mount.ParentFrame))
        {
            root.Problem("mount", "expected a parent without control characters");
        }

        CameraView? view = CameraEntry.ReadView(root.OptionalSection("view"));
        mount = mount is null ? null : view?.Of(mount) ?? mount;
        bool usesMount = root.OptionalBool("use_mount") ?? true;
        var maxAge = TimeSpan.FromMilliseconds(root.RequireInt("max_age_ms", 10, 600_000));
        var expiry = TimeSpan.FromSeconds(root.RequireInt("message_expiry_s", 0, 86_400));
        List<InstructionEntry> instructions = [.. root.Sections("instructions", shorthand: "ask").Select(InstructionEntry.Read)];
        CloudOptions cloud = CloudEntry.Read(root.OptionalSection("cloud"));
        foreach (string key in OfOneProcess.Where(root.Holds))
        {
            root.Problem(key, "needs one process that sees every picture: expected it in no rig");
        }

        var navigation = NavigationEntry.Read(_ => root, mount);
        OutputSize size = RobotFile.ReadOutput(root.OptionalSection("output"));
        StreamOptions streams = StreamOptions.Read(root.OptionalSection("streams"));
        root.RefuseUnknownKeys();
        root.Problems.ThrowIfAny();
        var mqtt = new MqttOptions { Device = device, Camera = camera, MessageExpiry = expiry };
        _ = new CameraAddress(device, camera).Checked();
        var file = new PipelineFile
        {
            Path = name,
            Device = device,
            Camera = new CameraEntry { Name = camera, FrameId = frameId, Source = new SourceEntry("", new CameraSourceOptions()), Mount = mount, View = view },
            Painter = new PainterEntry { UsesMount = usesMount },
            Instructions = instructions,
            Cloud = cloud,
            Navigation = navigation,
            OutputSize = size,
            Streams = streams,
            Sinks = new SinkOptions(),
            Sections = [new MqttEntry(mqtt, null)],
        };
        return new Rig(file, calibration, maxAge);
    }

    private static bool HasControls(string name) => name.Any(char.IsControl);

    private static void Refuse(PipelineFile file, YamlSection root)
    {
        if (root.Holds("cameras"))
        {
            root.Problem("cameras", "a robot that captures has one camera: expected it in the section camera");
        }

        void No(string key, string why) => root.Problem(key, $"{why}: expected it left out where workers paint (vbedge capture), or use vbedge run");
        foreach (string key in OfOneProcess.Where(root.Holds))
        {
            No(key, "needs one process that sees every picture");
        }

        if (file.Camera.LiveMount.Count > 0)
        {
            No("camera", "live_mount is told to the painter of the robot itself");
        }

        if (file.Scale is not null || (file.Camera.Calibration is { } path && System.IO.File.Exists(CameraScaleFile.PathOf(path))))
        {
            No("scale", "the scale is estimated from every picture of the robot");
        }

        if (file.Mqtt is not { Embedded: null })
        {
            root.Problem("mqtt", "robots and workers meet on a broker: expected mqtt: {broker: …}");
        }
        else if (file.Mqtt.Transport.HomeAssistant)
        {
            No("mqtt", "home_assistant shows a picture of the pipeline");
        }

        if (root.OptionalSection("streams") is { } streams
            && streams.Keys().Any(k => !streams.IsScalar(k) && streams.OptionalSection(k)?.Holds("rate_hz") == true))
        {
            No("streams", "rate_hz counts every picture");
        }

        root.Problems.ThrowIfAny();
    }

    private static CameraIntrinsics? ReadCalibration(YamlSection root)
    {
        if (root.OptionalString("camera_info") is not { } text)
        {
            return null;
        }

        byte[] bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out int length))
        {
            root.Problem("camera_info", "expected a sensor_msgs/CameraInfo in base64");
            return null;
        }

        try
        {
            return RecordedCamera.Read(bytes.AsMemory(0, length), areRectified: false);
        }
        catch (MessageFormatException e)
        {
            root.Problem("camera_info", e.Message);
            return null;
        }
    }
}
