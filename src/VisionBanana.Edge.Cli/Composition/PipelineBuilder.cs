using System.Reactive.Disposables;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Cli.Configuration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Onnx;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Cli.Composition;

/// <summary>Turns a pipeline file into the parts of a pipeline. Everything that can be checked is checked here, before the first frame.</summary>
internal static class PipelineBuilder
{
    /// <summary>Opens model, camera and transports.</summary>
    /// <returns>The parts, and what must be disposed after the run.</returns>
    /// <exception cref="VisionBananaException">Something the file names cannot be used.</exception>
    public static (PipelineParts Parts, IDisposable Resources) Build(PipelineFile file, long? maxFrames, ILoggerFactory loggers)
    {
        ILogger logger = loggers.CreateLogger("vbedge");
        var ledger = new FlowLedger();
        var latencies = new StageLatencies();
        ModelPackage package = ModelPackage.Open(file.Painter.Model is { } model ? Assets.FindModel(model) : Assets.DefaultModel);
        ICameraSource source = OpenCamera(file.Camera, ledger, logger);
        List<IMessageTransport> transports = Transports(file, loggers);
        OnnxPainter painter = OnnxPainter.Load(package, file.Painter.Execution);
        var images = new OpenCvImageEncoder();
        var resources = new CompositeDisposable(images, painter);
        try
        {
            IReadOnlyList<ScheduledInstruction> instructions = InstructionEntry.Parse(file.Instructions, painter);
            var options = new PerceiveOptions { Size = file.OutputSize, Cloud = file.Streams.Cloud is null ? null : file.Cloud };
            var perceiver = new Perceiver(painter, new InstructionSchedule(instructions), options, latencies);
            perceiver.RequireCalibrationFor(source.Intrinsics);
            return (new PipelineParts
            {
                Device = file.Device,
                Source = source,
                Perceiver = perceiver,
                Painter = painter.Description,
                Images = images,
                Streams = file.Streams,
                Transports = transports,
                Sinks = file.Sinks,
                MaxFrames = maxFrames,
                Ledger = ledger,
                Latencies = latencies,
                Logger = logger,
            }, resources);
        }
        catch
        {
            resources.Dispose();
            throw;
        }
    }

    private static ICameraSource OpenCamera(CameraEntry camera, FlowLedger ledger, ILogger logger) =>
        CameraSource.Open(camera.Source.Address, camera.Source.Options with
        {
            FrameId = camera.FrameId,
            Intrinsics = camera.Calibration is { } calibration ? CameraInfoYaml.Read(calibration) : null,
            HorizontalFovDegrees = camera.HfovDegrees,
            Counter = ledger,
            Logger = logger,
        });

    private static List<IMessageTransport> Transports(PipelineFile file, ILoggerFactory loggers)
    {
        var transports = new List<IMessageTransport>();
        if (file.Mqtt is { } mqtt)
        {
            var transport = new MqttTransport(mqtt.Transport, loggers.CreateLogger<MqttTransport>());
            transports.Add(mqtt.Embedded is { } broker ? new EmbeddedMqtt(new EmbeddedBroker(broker), transport) : transport);
        }

        if (file.ZeroMq is { } zeroMq)
        {
            transports.Add(new ZeroMqTransport(zeroMq));
        }

        return transports.Count > 0
            ? transports
            : throw new ConfigurationException($"{file.Path}: percepts would go nowhere: expected a section mqtt or zeromq, found neither.");
    }
}
