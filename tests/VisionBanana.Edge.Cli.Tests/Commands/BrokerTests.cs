using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Commands;

/// <summary>The tool with brokers that are absent, hang or keep too much, and with stamps of other clocks.</summary>
public sealed class BrokerTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(42, 7)]
    [InlineData(int.MaxValue, 999_999_999)]
    [InlineData(int.MinValue, 0)]
    public async Task Listen_StampsOfAnotherClock_AreShownAsTheyStand(int seconds, uint nanoseconds)
    {
        int port = WorkFolder.FreePort();
        await using var broker = new EmbeddedBroker(new EmbeddedBrokerOptions { Port = port });
        await broker.StartAsync();
        await using var transport = new MqttTransport(new MqttOptions { Device = "sim" }, broker);
        await transport.StartAsync(CancellationToken.None);
        Task<Vbedge.Result> listening = Vbedge.RunAsync("listen", "--mqtt", $"127.0.0.1:{port}", "--seconds", "4", "--json");
        WireMessage picture = Picture(new Time(seconds, nanoseconds));
        while (!listening.IsCompleted)
        {
            picture.SequenceNumber++;
            await transport.SendAsync(picture, CancellationToken.None);
            await Task.Delay(20);
        }

        Vbedge.Result result = await listening;
        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement depth = Assert.Single(
            result.Json.GetProperty("streams").EnumerateArray(), s => s.GetProperty("topic").GetString() == "vb/v1/sim/camera/depth");
        Assert.Equal(picture.CapturedNs, depth.GetProperty("captured_ns").GetInt64());
        Assert.Equal(depth.GetProperty("messages").GetInt64(), depth.GetProperty("other_clock").GetInt64());
        Assert.Equal(JsonValueKind.Null, depth.GetProperty("latency_ms_p50").ValueKind);
    }

    [Fact]
    public async Task Listen_EndedWhileItConnects_SaysNothingAndExitsWith130()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using Vbedge listen = Vbedge.Start("listen", "--mqtt", $"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
        using TcpClient caller = await silent.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(60));
        listen.Interrupt();
        Vbedge.Result result = await listen.ExitAsync();
        Assert.Equal((130, "", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task Run_ASubscriberThatStoppedReading_DoesNotKeepItFromEnding()
    {
        using var work = new WorkFolder();
        await using Vbedge run = Vbedge.Start("run", work.WritePipeline(), "--json", "--no-view");
        await run.ListeningAsync(work.MqttPort);
        using var stuck = new TcpClient { ReceiveBufferSize = 4096 };
        await stuck.ConnectAsync(IPAddress.Loopback, work.MqttPort);
        await stuck.GetStream().WriteAsync((byte[])[0x10, 18, 0, 4, .. "MQTT"u8, 5, 2, 0, 0, 0, 0, 5, .. "stuck"u8, 0x82, 7, 0, 1, 0, 0, 1, (byte)'#', 0]);

        // CONNACK, SUBACK and retained messages are less: pictures flow. Then until the buffers between the two are full.
        for (int i = 0; i < 900 && stuck.Available < 2000; i++)
        {
            await Task.Delay(100);
        }

        await Task.Delay(6000);
        long start = Stopwatch.GetTimestamp();
        run.Interrupt();
        Vbedge.Result result = await run.ExitAsync();
        Assert.True(result.ExitCode == 130, result.ToString());
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30), result.ToString());
        Assert.Contains("cut stuck at 127.0.0.1", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_BrokerAbsent_RunsAndCounts_RequiredIsAnError()
    {
        using var work = new WorkFolder();
        string Pipeline(string more) => work.WritePipeline(
            t => t.Replace($"embedded: {{port: {work.MqttPort}}}", $"broker: {{host: 127.0.0.1, port: {work.MqttPort}{more}}}", StringComparison.Ordinal));
        Vbedge.Result result = await Vbedge.RunAsync("run", Pipeline(""), "--frames", "10", "--json", "--no-view");
        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement mqtt = Assert.Single(result.Json.GetProperty("sinks").EnumerateArray(), s => s.GetProperty("name").GetString() == "mqtt");
        Assert.Equal(10, mqtt.GetProperty("dropped").EnumerateObject().Sum(d => d.Value.GetInt64()));
        Assert.Contains("goes on without it", result.Error, StringComparison.Ordinal);

        result = await Vbedge.RunAsync("run", Pipeline(", require: true"), "--frames", "10", "--json", "--no-view");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Cannot connect to the MQTT broker", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forget_ADevice_ClearsItUnlessItIsOnline()
    {
        int port = WorkFolder.FreePort();
        await using var broker = new EmbeddedBroker(new EmbeddedBrokerOptions { Port = port });
        await broker.StartAsync();
        string[] forget = ["forget", "gone", "--mqtt", $"127.0.0.1:{port}", "--json"];
        await using (var transport = new MqttTransport(new MqttOptions { Port = port, Device = "gone", HomeAssistant = true }))
        {
            await transport.StartAsync(CancellationToken.None);
            Vbedge.Result online = await Vbedge.RunAsync(forget);
            Assert.Equal(1, online.ExitCode);
            Assert.Contains("vb/v1/gone/camera/status says online", online.Error, StringComparison.Ordinal);
        }

        Vbedge.Result result = await Vbedge.RunAsync(forget);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(
            ["homeassistant/binary_sensor/vb_gone_camera/status/config", "homeassistant/camera/vb_gone_camera/preview/config", "vb/v1/gone/camera/status"],
            result.Json.GetProperty("cleared").EnumerateArray().Select(t => t.GetString()));
        Assert.Empty((await Vbedge.RunAsync(forget)).Json.GetProperty("cleared").EnumerateArray());
    }

    private static WireMessage Picture(Time stamp)
    {
        byte[] payload = RosMessage.Encode(new Image(new Header(stamp, "camera"), 1, 2, "16UC1", false, 4, new byte[4]));
        return new WireMessage
        {
            Stream = VisionBanana.Edge.Messages.Streams.Depth,
            Schema = Image.Schema,
            Encoding = "16UC1",
            CapturedNs = stamp.Nanoseconds,
            FrameId = "camera",
            Width = 2,
            Height = 1,
            Step = 2,
            DataOffset = payload.Length - 4,
            DataLength = 4,
            Payload = payload,
        };
    }
}
