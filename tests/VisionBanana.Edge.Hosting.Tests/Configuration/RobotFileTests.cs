using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Hosting.Tests.Configuration;

public sealed class RobotFileTests
{
    private const string Head = "version: 1\ndevice: robot\n";

    [Fact]
    public void Read_TheSample_EachCameraHasWhatIsItsOwnAndWhatAllShare()
    {
        var file = RobotFile.Read(Path.Combine(Nearby.RepositoryRoot, "samples", "cameras", "pipeline.yaml"));

        Assert.Equal(["front", "rear"], file.Cameras.Select(c => c.Camera.Name));
        Assert.Equal(["front_optical", "rear_optical"], file.Cameras.Select(c => c.Camera.FrameId));
        Assert.Equal(["depth, labels", "depth"], file.Cameras.Select(c => string.Join(", ", c.Instructions.Select(i => i.Ask))));
        Assert.Equal([true, false], file.Cameras.Select(c => c.Streams.Painting is not null));
        Assert.Equal(["robot/front", "robot/rear"], file.Cameras.Select(c => $"{c.Mqtt!.Transport.Device}/{c.Mqtt.Transport.Camera}"));
        Assert.Equal("robot", file.Device);
    }

    [Theory]
    [InlineData("camera: {source: a.mp4}\ncameras: {a: {source: a.mp4}}", "camera and cameras contradict each other")]
    [InlineData("cameras: [{name: a, source: a.mp4}, {name: a, source: b.mp4}]", "two cameras have one name: a")]
    [InlineData("cameras: {front-left: {source: a.mp4}, front_left: {source: b.mp4}}", "streams would have the same topics: front-left and front_left")]
    [InlineData("cameras: {a: {source: a.mp4, frame_id: eye}, b: {source: b.mp4, frame_id: eye}}", "two cameras have one coordinate frame: a and b")]
    [InlineData("cameras: {a: {source: /dev/video0}, b: {source: \"0\"}}", "two cameras open one device, /dev/video0: a and b")]
    [InlineData("cameras: {a: {source: a.mp4}}\nsync: {tolerance_ms: 5}", "a group has two cameras at least: found a")]
    [InlineData("cameras: {a: {source: a.mp4}, b: {source: b.mp4}}\nsync: {tolerance_ms: 5, cameras: [a]}", "a group has two cameras at least: found a")]
    [InlineData("cameras: {a: {source: a.mp4}, b: {source: b.mp4}}\nsync: {tolerance_ms: 5, cameras: [a, c]}", "there is no camera 'c'; the cameras are a, b")]
    [InlineData("cameras: {a: {source: a.mp4}, b: {source: b.mp4}}\nsync: {cameras: [a, b]}", "sync.tolerance_ms: missing")]
    [InlineData("cameras: {a: {source: a.mp4, hfov: 3}, b: {source: b.mp4}}", "cameras.a.hfov: unknown key")]
    [InlineData("cameras: [{source: a.mp4}, {name: b, source: b.mp4}]", "cameras[0].name: missing")]
    [InlineData("cameras: {a: {calibration: c.yaml}, b: {source: b.mp4}}", "cameras.a.source: missing")]
    [InlineData("cameras: {a: a.mp4}", "cameras.a: expected a section with keys, found 'a.mp4'")]
    [InlineData("cameras: []", "expected 1 to 32 cameras, found 0")]
    [InlineData("cameras: 3", "expected a mapping of names to sections, or a list of sections, found '3'")]
    [InlineData("cameras: {a: {source: a.mp4}, b: {source: b.mp4}}\nobstacle_distance: {}", "one camera says this: expected cameras.a.obstacle_distance")]
    [InlineData(
        "cameras: {a: {source: a.mp4, obstacle_distance: {}}, b: {source: b.mp4, obstacle_distance: {}}}", "obstacles of one camera from one component")]
    [InlineData(
        "cameras: {a: {source: a.mp4, live_mount: [{kind: height, mavlink: \"127.0.0.1:14550\"}], mount: {parent: b, position_m: [0, 0, 1]}}, "
            + "b: {source: b.mp4, live_mount: [{kind: height, mavlink: \"127.0.0.1:14550\"}], mount: {parent: b, position_m: [0, 0, 1]}}}",
        "two cameras listen on 127.0.0.1:14550")]
    public void Read_CamerasThatClash_AreToldWithTheirNames(string text, string expected)
    {
        using var folder = new WorkFolder();
        string path = folder.Write("p.yaml", Head + text + "\ninstructions: [depth]\n");
        Assert.Contains(expected, Assert.Throws<ConfigurationException>(() => RobotFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OneThingWrongAtTheRoot_IsToldOnce()
    {
        using var folder = new WorkFolder();
        string path = folder.Write("p.yaml", Head + "cameras: {a: {source: a.mp4}, b: {source: b.mp4}}\ninstructions: [depth]\nzeromq: {high_water_mark: 0}\n");
        Assert.Single(Assert.Throws<ConfigurationException>(() => RobotFile.Read(path)).Problems);
    }

    [Fact]
    public void Only_SeveralCameras_NamesThem()
    {
        using var folder = new WorkFolder();
        string path = folder.Write("p.yaml", Head + "cameras: {a: {source: a.mp4}, b: {source: b.mp4}}\ninstructions: [depth]\n");
        Assert.Contains("2 cameras (a, b)", Assert.Throws<ConfigurationException>(() => PipelineFile.Read(path)).Message, StringComparison.Ordinal);
    }
}
