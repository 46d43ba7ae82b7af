using VisionBanana.Edge.Cli.Configuration;
using VisionBanana.Edge.Cli.Foxglove;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Cli.Tests;

public sealed class PipelineFileTests
{
    [Fact]
    public void Read_TheReference_ShowsTheDefaults()
    {
        PipelineFile file = PipelineFile.Read(Path.Combine(Nearby.RepositoryRoot, "samples", "pipeline.yaml"));

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
        Assert.Equal(new FoxgloveOptions { Device = "robot" }, file.Foxglove);
        Assert.Equal("camera_optical", file.Camera.FrameId);
        Assert.True(File.Exists(file.Camera.Source.Address));
        Assert.True(File.Exists(file.Camera.Calibration));
    }

    [Fact]
    public void With_ANewSource_ForgetsTheOldCalibration()
    {
        PipelineFile file = PipelineFile.Read(Path.Combine(Nearby.RepositoryRoot, "samples", "pipeline.yaml"));

        PipelineFile other = file.With("/dev/video0", null, 70, "painter-s", ["normals"]);

        Assert.Equal(("/dev/video0", null, 70.0), (other.Camera.Source.Address, other.Camera.Calibration, other.Camera.HfovDegrees));
        Assert.Equal("normals", Assert.Single(other.Instructions).Ask);
    }
}
