using System.Reactive.Linq;
using System.Text;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Hosting.Tests.Composition;

/// <summary>What listeners of a real broker see while an engine is built.</summary>
public sealed class EngineBuildStatusTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Report_WhileAnEngineIsBuilt_PublishesBuildingEngineUntilThePipelineOpensTheTransport()
    {
        int port = WorkFolder.FreePort();
        await using var broker = new EmbeddedBroker(new EmbeddedBrokerOptions { Port = port });
        await broker.StartAsync();
        var options = new MqttOptions { Port = port, Device = "robot", Camera = "front" };
        await using var listener = new MqttListener(options);
        var building = new TaskCompletionSource<ReceivedMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable subscription = listener.Messages.Where(
            m => m.Topic.EndsWith("/diagnostics", StringComparison.Ordinal)).Subscribe(m => building.TrySetResult(m));
        await listener.StartAsync(CancellationToken.None);
        var status = new EngineBuildStatus("robot", [new MqttTransport(options)], new Progress<EngineBuildProgress>());
        IMessageTransport transport = Assert.Single(status.Transports);

        status.Report(new EngineBuildProgress(
            "painter-s", ExecutionProvider.TensorRt, "fp16", EngineBuildPhase.Building, TimeSpan.FromSeconds(35), TimeSpan.FromSeconds(155)));

        ReceivedMessage message = await building.Task.WaitAsync(Limit);
        Assert.Null(message.WhyMalformed());
        string text = Encoding.UTF8.GetString(message.Message.Payload.Span);
        Assert.All(
            (string[])["BuildingEngine", "painter-s", "tensorrt", "fp16", "elapsed_s", "35", "expected_s", "155"],
            word => Assert.Contains(word, text, StringComparison.Ordinal));

        // The pipeline takes over the open connection; commands reach it from then on.
        var pipeline = new Handler();
        ((ICommandTransport)transport).Attach(pipeline);
        await transport.StartAsync(CancellationToken.None).WaitAsync(Limit);
        Assert.Contains("(connected", transport.State, StringComparison.Ordinal);
        await transport.DisposeAsync();
    }

    [Fact]
    public async Task StartAsync_NothingWasBuilt_OpensTheTransportOnceForThePipeline()
    {
        int port = WorkFolder.FreePort();
        await using var broker = new EmbeddedBroker(new EmbeddedBrokerOptions { Port = port });
        await broker.StartAsync();
        var status = new EngineBuildStatus("robot", [new MqttTransport(new MqttOptions { Port = port })], new Progress<EngineBuildProgress>());
        IMessageTransport transport = Assert.Single(status.Transports);

        ((ICommandTransport)transport).Attach(new Handler());
        await transport.StartAsync(CancellationToken.None).WaitAsync(Limit);

        await transport.DisposeAsync();
    }

    [Fact]
    public async Task AbandonAsync_BuildThatFailed_ClosesTheTransports()
    {
        int port = WorkFolder.FreePort();
        await using var broker = new EmbeddedBroker(new EmbeddedBrokerOptions { Port = port });
        await broker.StartAsync();
        var status = new EngineBuildStatus("robot", [new MqttTransport(new MqttOptions { Port = port })], new Progress<EngineBuildProgress>());
        status.Report(new EngineBuildProgress("m", ExecutionProvider.Cpu, "fp32", EngineBuildPhase.Building, TimeSpan.Zero, null));

        await status.AbandonAsync().WaitAsync(Limit);

        Assert.Equal(Diagnostics.DropReason.Stopped, await Assert.Single(status.Transports).SendAsync(DiagnosticsMessage.Create(1), CancellationToken.None));
    }

    private sealed class Handler : ICommandHandler
    {
        public event EventHandler? StateChanged
        {
            add { }
            remove { }
        }

        public PipelineState State => new(false, []);

        public string? Execute(PipelineCommand command) => null;
    }
}
