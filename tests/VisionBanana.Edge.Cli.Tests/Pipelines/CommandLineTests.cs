using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Pipelines;

public sealed class CommandLineTests
{
    private const string Mount = "  name: room\n  frame_id: lens\n  mount: {parent: base_link, position_m: [0.1, 0, 0.4], rpy_deg: [0, 20, 0]}\n";

    [Fact]
    public void With_AnotherSource_KeepsTheCameraButNotTheCalibration()
    {
        using var work = new WorkFolder();
        PipelineFile file = Read(work);

        CameraEntry camera = file.With("other.mp4", null, null, null, []).Camera;

        Assert.Equal((file.Camera.Name, file.Camera.FrameId, file.Camera.Mount), (camera.Name, camera.FrameId, camera.Mount));
        Assert.Equal(("room", "lens"), (camera.Name, camera.FrameId));
        Assert.NotNull(camera.Mount);
        Assert.Equal(("other.mp4", null, false), (camera.Source.Address, camera.Calibration, camera.Source.Options.Loop));
    }

    [Fact]
    public void With_TheSourceOfTheFile_KeepsEverything()
    {
        using var work = new WorkFolder();
        PipelineFile file = Read(work);
        string same = Path.Combine(WorkFolder.Demo, "..", Path.GetFileName(WorkFolder.Demo), "room.mp4");

        Assert.Equal(file.Camera, file.With(same, null, null, null, []).Camera);
    }

    [Fact]
    public void With_AnotherDevice_KeepsHowItIsOpened()
    {
        using var work = new WorkFolder();
        PipelineFile file = Read(work);
        var source = new SourceEntry("/dev/video0", new CameraSourceOptions { Width = 1280, Height = 720, FourCc = "MJPG" });
        file = file with { Camera = file.Camera with { Source = source } };

        Assert.Equal(source with { Address = "/dev/video2" }, file.With("/dev/video2", null, null, null, []).Camera.Source);
        Assert.Null(file.With("clip.mp4", null, null, null, []).Camera.Source.Options.Width);
    }

    private static PipelineFile Read(WorkFolder work) =>
        ToolSections.Read(work.WritePipeline(t => t.Replace("  name: room\n", Mount, StringComparison.Ordinal)));
}
