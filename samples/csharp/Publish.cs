using System.Globalization;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Samples;

/// <summary>A pipeline from code to a broker and to ZeroMQ: publish CLIP BROKER_PORT ZEROMQ_ENDPOINT.</summary>
internal static class Publish
{
    public static async Task RunAsync(string[] args)
    {
        #region readme
        using ICameraSource camera = CameraSource.Open(args[0], new CameraSourceOptions { HorizontalFovDegrees = 60 });
        using var painter = OnnxPainter.Load(ModelPackage.Open("models/painter-s"));
        await using var pipeline = new PerceptionPipeline(new PipelineParts
        {
            Source = camera,
            Painter = painter,
            Instructions = [new(Instruction.MetricDepth()), new(Instruction.Semantic(painter.Description.Classes), Every: 3)],
            Images = new OpenCvImageEncoder(),
            Transports =
            [
                new MqttTransport(new MqttOptions { Port = int.Parse(args[1], CultureInfo.InvariantCulture), Device = "sample", Camera = "clip" }),
                new ZeroMqTransport(new ZeroMqOptions { Endpoint = args[2], Device = "sample", Camera = "clip" }),
            ],
        });
        await pipeline.RunAsync(CancellationToken.None);
        #endregion
        foreach (var sink in pipeline.Report().Sinks)
        {
            Console.WriteLine(sink);
        }

        ZeroMqRuntime.Shutdown();
    }
}
