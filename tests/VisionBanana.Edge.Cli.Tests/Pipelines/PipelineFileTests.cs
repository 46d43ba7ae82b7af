using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Cli.Foxglove;
using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Cli.Viewing;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Shared;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Cli.Tests.Pipelines;

public sealed class PipelineFileTests
{
    [Fact]
    public void Read_InstructionsAsTexts_AreAskedEveryTime()
    {
        using var work = new WorkFolder();
        string path = work.Write("short.yaml", "version: 1\ndevice: r\ncamera: {source: a.mp4}\ninstructions: [depth, {ask: labels, every: 3}]\n");
        Assert.Equal(["depth 1", "labels 3"], ToolSections.Read(path).Instructions.Select(i => $"{i.Ask} {i.Every}"));
        string wrong = work.Write("wrong.yaml", "version: 1\ndevice: r\ncamera: {source: a.mp4}\ninstructions: [[depth]]\n");
        Assert.Contains("instructions[0]", Assert.Throws<ConfigurationException>(() => ToolSections.Read(wrong)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TheReference_ShowsTheDefaults()
    {
        PipelineFile file = ToolSections.Read(Path.Combine(Nearby.RepositoryRoot, "samples", "pipeline.yaml"));

        Assert.Equal(new CloudOptions(), file.Cloud);
        Assert.Equal(new StreamOptions(), file.Streams);
        Assert.Equal(new SinkOptions(), file.Sinks);
        Assert.Equal(OutputSize.Painter, file.OutputSize);
        var execution = new ExecutionOptions();
        Assert.Equal(execution.Prefer, file.Painter.Execution.Prefer);
        Assert.Equal(execution, file.Painter.Execution with { Prefer = execution.Prefer });
        Assert.Equal(new MqttOptions { Device = "robot" }, file.Mqtt!.Transport);
        Assert.Equal(new EmbeddedBrokerOptions(), file.Mqtt.Embedded);
        Assert.Equal(new ZeroMqOptions { Device = "robot" }, file.ZeroMq);
        Assert.Equal(new FoxgloveOptions { Device = "robot" }, file.Section<FoxgloveEntry>()?.Transport);
        Assert.Equal(new ViewOptions(), file.Section<ViewOptions>());
        Assert.Equal("camera_optical", file.Camera.FrameId);
        Assert.True(File.Exists(file.Camera.Source.Address));
        Assert.True(File.Exists(file.Camera.Calibration));
    }

    [Fact]
    public void With_ANewSource_ForgetsTheOldCalibration()
    {
        PipelineFile file = ToolSections.Read(Path.Combine(Nearby.RepositoryRoot, "samples", "pipeline.yaml"));

        PipelineFile other = CommandLine.With(file, "/dev/video0", null, 70, "painter-s", ["normals"]);

        Assert.Equal(("/dev/video0", null, 70.0), (other.Camera.Source.Address, other.Camera.Calibration, other.Camera.HfovDegrees));
        Assert.Equal("normals", Assert.Single(other.Instructions).Ask);
    }

    [Fact]
    public void Read_TheCommentedKeysOfTheReference_AreWhatTheySay()
    {
        PipelineFile file = ReadReference(text => text
            .Replace("  # mount: ", "  mount: ", StringComparison.Ordinal)
            .Replace("  #   parent: ", "    parent: ", StringComparison.Ordinal)
            .Replace("  #   position_m: ", "    position_m: ", StringComparison.Ordinal)
            .Replace("  #   rpy_deg: ", "    rpy_deg: ", StringComparison.Ordinal)
            .Replace("  #   frame: ", "    frame: ", StringComparison.Ordinal)
            .Replace("  #   floor_z_m: 0 ", "    floor_z_m: -0.05 ", StringComparison.Ordinal)
            .Replace("use_mount: true", "use_mount: false", StringComparison.Ordinal)
            .Replace("    # voxel_m: ", "    voxel_m: ", StringComparison.Ordinal)
            .Replace("    # precision_m: ", "    precision_m: ", StringComparison.Ordinal)
            .Replace("    # rate_hz: 5", "    rate_hz: 5", StringComparison.Ordinal)
            .Replace("labels: true", "labels: {rate_hz: 2}", StringComparison.Ordinal)
            .Replace("mask: true", "mask: false", StringComparison.Ordinal)
            .Replace("jpeg_quality: 85", "jpeg_quality: 85, rate_hz: 0.5", StringComparison.Ordinal)
            .Replace("encoding: 16UC1", "encoding: rvl, rate_hz: 10", StringComparison.Ordinal));

        CameraMount mount = file.Camera.Mount!;
        Assert.Equal(("base_link", 0.10, 0.0, 0.35, 0.40), (mount.ParentFrame, mount.X, mount.Y, mount.Z, Math.Round(mount.HeightM, 9)));
        Assert.False(file.Painter.UsesMount);
        Assert.Equal((15, 0), (Math.Round(mount.PitchDegrees, 9), Math.Round(mount.RollDegrees, 9)));
        Assert.Equal(
            new StreamOptions
            {
                Color = new() { RateHz = 0.5 },
                Depth = new() { Encoding = DepthEncoding.Rvl, RateHz = 10 },
                Labels = new() { RateHz = 2 },
                Mask = null,
                Cloud = new() { VoxelM = 0.05, PrecisionM = 0.001, RateHz = 5 },
            },
            file.Streams);
    }

    [Theory]
    [InlineData("16UC1", DepthEncoding.Millimetres)]
    [InlineData("32FC1", DepthEncoding.Metres)]
    [InlineData("compressed_png", DepthEncoding.CompressedPng)]
    [InlineData("rvl", DepthEncoding.Rvl)]
    [InlineData("zstd", DepthEncoding.Zstd)]
    public void Read_EachEncodingOfDepth_IsTheOneNamed(string name, DepthEncoding encoding) => Assert.Equal(
        encoding, ReadReference(text => text.Replace("encoding: 16UC1", $"encoding: {name}", StringComparison.Ordinal)).Streams.Depth!.Encoding);

    [Theory]
    [InlineData("rpy_deg: [-90, 0, -90], frame: optical")]
    [InlineData("quaternion: [-0.5, 0.5, -0.5, 0.5], frame: optical")]
    [InlineData("quaternion: [0, 0, 0, 1]")]
    [InlineData("frame: body")]
    public void Read_MountsThatLookAhead_AreOnePose(string rotation)
    {
        CameraMount mount = ReadMount($"{{parent: base_link, position_m: [1, 2, 3], {rotation}}}")!;
        (double x, double y, double z) = mount.ToParent(0.5, 0.25, 4);
        Assert.Equal((5, 1.5, 2.75), (Math.Round(x, 9), Math.Round(y, 9), Math.Round(z, 9)));
    }

    [Theory]
    [InlineData("{position_m: [0, 0, 1]}", "camera.mount.parent")]
    [InlineData("{parent: base_link}", "camera.mount.position_m")]
    [InlineData("{parent: base_link, position_m: [0, 1]}", "expected 3 numbers")]
    [InlineData("{parent: base_link, position_m: [0, 0, 1], rpy_deg: [0, 0, 0], quaternion: [0, 0, 0, 1]}", "contradict")]
    [InlineData("{parent: base_link, position_m: [0, 0, 1], quaternion: [0, 0, 0, 2]}", "length of 2")]
    [InlineData("{parent: base_link, position_m: [0, 0, 1], quaternion: [0, 0, 0, .nan]}", "length")]
    [InlineData("{parent: base_link, position_m: [0, .inf, 1]}", "finite")]
    [InlineData("{parent: base_link, position_m: [0, 0, 1], frame: optical}", "straight up")]
    [InlineData("{parent: camera_optical, position_m: [0, 0, 1]}", "cannot be its parent")]
    [InlineData("{parent: base_link, position_m: [0, 0, 1], yaw: 3}", "yaw")]
    public void Read_AWrongMount_SaysWhat(string mount, string says) =>
        Assert.Contains(says, Assert.ThrowsAny<ConfigurationException>(() => ReadMount(mount)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_TheView_IsWhatTheFileSays()
    {
        PipelineFile file = ReadReference(text => text
            .Replace("  # port: 8088", "  port: 9000", StringComparison.Ordinal)
            .Replace("  # host_names: ", "  host_names: ", StringComparison.Ordinal)
            .Replace("  # folder: ", "  folder: ", StringComparison.Ordinal));

        Assert.Equal((9000, "robot.local"), (file.Section<ViewOptions>()!.Port, Assert.Single(file.Section<ViewOptions>()!.HostNames)));
        Assert.EndsWith("/captures", file.Section<ViewOptions>()!.Folder, StringComparison.Ordinal);
        Assert.Null(ReadReference(text => text[..text.IndexOf("\nview:", StringComparison.Ordinal)] + "\nview: false\n").Section<ViewOptions>());
        Assert.Equal(new ViewOptions(), ReadReference(text => text[..text.IndexOf("\nview:", StringComparison.Ordinal)]).Section<ViewOptions>());
    }

    [Fact]
    public void Read_TheEmbeddedBroker_IsWhatTheFileSays()
    {
        MqttEntry mqtt = ReadReference(text => text
            .Replace("  embedded: {port: 1883, address: 127.0.0.1} ", "  embedded: #", StringComparison.Ordinal)
            .Replace("  #   users:", "    users:", StringComparison.Ordinal)
            .Replace("  #     - {name:", "      - {name:", StringComparison.Ordinal)
            .Replace("  #   limits:", "    limits:", StringComparison.Ordinal)
            .Replace("  # answer_prefixes:", "  answer_prefixes:", StringComparison.Ordinal)).Mqtt!;

        EmbeddedBrokerUser user = Assert.Single(mqtt.Embedded!.Users);
        Assert.Equal(
            new EmbeddedBrokerUser { Name = "viewer", PasswordVariable = "VIEWER_PASSWORD", Publish = ["vb/v1/robot/+/command"], Subscribe = ["vb/v1/#"] },
            user);
        Assert.Equal(new EmbeddedBrokerLimits(), mqtt.Embedded.Limits);
        Assert.Equal("rpc/replies/", Assert.Single(mqtt.Transport.AnswerPrefixes));
    }

    [Theory]
    [InlineData("packet_mb: 0", "packet_mb")]
    [InlineData("packet_mb: 200, incoming_mb: 100", "incoming_mb")]
    [InlineData("packets: 3", "packets")]
    public void Read_WrongLimitsOfTheEmbeddedBroker_SaysWhere(string limits, string says) => Assert.Contains(
        says,
        Assert.ThrowsAny<ConfigurationException>(
            () => ReadReference(text => text.Replace("port: 1883, address: 127.0.0.1", $"limits: {{{limits}}}", StringComparison.Ordinal))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Read_ABrokerOfItsOwn_RequiredOnlyWhenSaid()
    {
        MqttOptions With(string broker) => ReadReference(
            text => text.Replace("  embedded: {port: 1883, address: 127.0.0.1} ", $"  broker: {{{broker}}} #", StringComparison.Ordinal)).Mqtt!.Transport;
        Assert.False(With("host: b").Require);
        Assert.True(With("host: b, require: true").Require);
    }

    [Theory]
    [InlineData("0.0.0.0", "0.0.0.0", null)]
    [InlineData("127.0.0.1:9000", "127.0.0.1", 9000)]
    [InlineData("[::]:0", "::", 0)]
    [InlineData("::1", "::1", null)]
    public void At_AnAddress_IsThatOne(string text, string address, int? port)
    {
        ViewOptions options = new ViewOptions().At(text);
        Assert.Equal((address, port), (options.Address.ToString(), options.Port));
    }

    [Theory]
    [InlineData("8088")]
    [InlineData("robot.local")]
    [InlineData("127.0.0.1:x")]
    [InlineData("")]
    public void At_NoAddress_SaysWhatIsExpected(string text) =>
        Assert.Contains("--view", Assert.Throws<ConfigurationException>(() => new ViewOptions().At(text)).Message, StringComparison.Ordinal);

    private static CameraMount? ReadMount(string mount) =>
        ReadReference(text => text.Replace("  # mount: ", $"  mount: {mount} #", StringComparison.Ordinal)).Camera.Mount;

    private static PipelineFile ReadReference(Func<string, string> edit)
    {
        string path = Path.Combine(Path.GetTempPath(), $"vbedge-{Guid.NewGuid():N}.yaml");
        try
        {
            File.WriteAllText(path, edit(File.ReadAllText(Path.Combine(Nearby.RepositoryRoot, "samples", "pipeline.yaml"))));
            return ToolSections.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
