using System.Net;
using System.Net.Sockets;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Mqtt.Tests;

public sealed class EmbeddedBrokerTests
{
    [Fact]
    public async Task WholeFrames_ThroughTheEmbeddedBroker_ArriveWellFormed()
    {
        int port = Ports.Free();
        await using var broker = new EmbeddedBroker(new EmbeddedBrokerOptions { Port = port });
        await broker.StartAsync();
        var heard = Publishing.Keep(out Action<ReceivedMessage> onMessage);
        await using MqttListener listener = await Publishing.ListenAsync(Publishing.Options(port), onMessage);
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(port));
        var frames = new SampleFrames(160, 120);
        for (int i = 0; i < 10; i++)
        {
            Assert.All(await Publishing.SendAsync(transport, frames, i), result => Assert.Null(result.Value));
            await Publishing.UntilAsync(() => heard.Count(m => m.Stream == "cloud") == i + 1, "the cloud just sent");
        }

        Assert.All(heard, message => Assert.Null(message.Malformed));
        Assert.Equal(0, broker.DroppedForSlowSubscribers);

        var late = Publishing.Keep(out Action<ReceivedMessage> onLate);
        await using MqttListener second = await Publishing.ListenAsync(Publishing.Options(port), onLate);
        await Publishing.UntilAsync(() => late.Count >= 3, "retained state and status");
        Assert.Equal(["camera_info", "label_info", "status"], late.Select(m => m.Stream).Order());
    }

    [Theory]
    [InlineData("mqttv5")]
    [InlineData("mqttv311")]
    [InlineData("mqttv31")]
    public async Task ClientsWithoutAnId_AreGivenOneEach(string version)
    {
        string? program = ExternalProcess.Find("mosquitto_sub");
        Assert.SkipWhen(program is null, "mosquitto_sub (Debian: mosquitto-clients) is not installed");
        int port = Ports.Free();
        await using var broker = new EmbeddedBroker(new EmbeddedBrokerOptions { Port = port });
        await broker.StartAsync();
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(port));
        string[] arguments =
        [
            "-V", version, "-h", "127.0.0.1", "-p", $"{port}", "-t", "vb/v1/robot/front/diagnostics", "-t", "vb/v1/robot/front/status", "-F", "%t",
        ];
        using ExternalProcess first = new(program, arguments), second = new(program, arguments);
        await Publishing.UntilAsync(() => first.Output.Length > 0 && second.Output.Length > 0, $"status at both: {first.Errors} {second.Errors}");
        Assert.Null(await transport.SendAsync(DiagnosticsMessage.Create(1), CancellationToken.None));
        await Publishing.UntilAsync(() => first.Output.Length == 2 && second.Output.Length == 2, "a message at both");
    }

    [Fact]
    public async Task StartAsync_PortInUse_NamesPortAndRemedy()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        int port = ((IPEndPoint)holder.LocalEndpoint).Port;
        await using var broker = new EmbeddedBroker(new EmbeddedBrokerOptions { Port = port });
        var error = await Assert.ThrowsAsync<TransportException>(broker.StartAsync);
        Assert.Contains($"Port {port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("another port", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_SoonAfterOneThatHadClients_TakesThePortAgain()
    {
        int port = Ports.Free();
        for (int i = 0; i < 3; i++)
        {
            await using var broker = new EmbeddedBroker(new EmbeddedBrokerOptions { Port = port });
            await broker.StartAsync();
            using RawClient client = await RawClient.ConnectAsync(port, "stays");
            await broker.DisposeAsync();
            await client.ClosedAsync();
        }
    }

    [Fact]
    public async Task StartAsync_ByDefault_LoopbackOnly()
    {
        int port = Ports.Free();
        await using var broker = new EmbeddedBroker(new EmbeddedBrokerOptions { Port = port });
        await broker.StartAsync();
        IPEndPoint[] bound = [.. System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(e => e.Port == port)];
        Assert.Equal([IPAddress.Loopback], bound.Select(endpoint => endpoint.Address));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(70000, 1)]
    [InlineData(1883, 0)]
    public void Construct_OptionOutOfRange_Refused(int port, int pending) =>
        Assert.Throws<ConfigurationException>(() => new EmbeddedBroker(new EmbeddedBrokerOptions { Port = port, PendingMessages = pending }));
}
