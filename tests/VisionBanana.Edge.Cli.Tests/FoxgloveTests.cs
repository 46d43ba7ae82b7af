using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using VisionBanana.Edge.Cli.Foxglove;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests;

public sealed class FoxgloveTests
{
    private static readonly string[] Heard = ["color", "depth", "painting", "labels", "cloud", "camera_info", "label_info", "diagnostics"];

    [Fact]
    public async Task Run_FoxglovesOwnClient_DecodesEveryStreamByTheAnnouncedSchema()
    {
        string interop = Path.Combine(Nearby.RepositoryRoot, "tests", "interop");
        Assert.SkipUnless(Directory.Exists(Path.Combine(interop, "node_modules", "@foxglove", "ws-protocol")), "the npm packages are not installed: run `npm ci` in tests/interop");
        using var work = new WorkFolder();
        int port = WorkFolder.FreePort();
        string pipeline = work.WritePipeline(t => t.Replace("pace: none, ", "", StringComparison.Ordinal) + $"\nfoxglove: {{port: {port}}}\n");
        await using var run = Vbedge.Start("run", pipeline, "--json");
        await run.ListeningAsync(port);

        string[] topics = [.. Heard.Select(s => $"/vb/v1/test/room/{s}")];
        using var node = Process.Start(new ProcessStartInfo("node", ["foxglove.mjs", $"ws://127.0.0.1:{port}", .. topics])
        {
            WorkingDirectory = interop,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = node.StandardOutput.ReadToEndAsync(), error = node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.True(node.ExitCode == 0, await error);
        JsonElement[] heard = [.. JsonDocument.Parse(await output).RootElement.EnumerateArray()];
        Assert.All(topics, topic => Assert.Contains(heard, h => h.GetProperty("topic").GetString() == topic));
        Assert.All(heard, h => Assert.InRange(h.GetProperty("stamp").GetDouble(), -1e-3, 1e-3));
        run.Interrupt();
        Vbedge.Result result = await run.ExitAsync();
        Assert.True(result.ExitCode == 130, result.ToString());
    }

    [Fact]
    public async Task SendAsync_AViewerThatNeverReads_LosesItsOwnMessagesOnly()
    {
        var options = new FoxgloveOptions { Port = WorkFolder.FreePort(), QueueCapacity = 4 };
        await using var server = new FoxgloveTransport(options);
        await server.StartAsync(CancellationToken.None);
        WireMessage cloud = Message(2_000_000);
        Assert.Null(await server.SendAsync(cloud, CancellationToken.None));
        using ClientWebSocket slow = await SubscribeAsync(options.Port);

        // Until its subscription has arrived, and the buffers between the two are full.
        long start = Stopwatch.GetTimestamp();
        while (!server.State.Contains("dropped for slow ones", StringComparison.Ordinal))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60), server.State);
            Assert.Null(await server.SendAsync(cloud, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(5)));
        }
    }

    [Theory]
    [InlineData("rubbish", "could not be understood")]
    [InlineData("{\"op\":\"advertise\"}", "only streams")]
    [InlineData("{\"op\":\"subscribe\",\"subscriptions\":[{\"id\":-1,\"channelId\":1}]}", "could not be understood")]
    [InlineData("{\"op\":\"subscribe\",\"subscriptions\":[{\"id\":1,\"channelId\":99}]}", "There is no channel 99")]
    [InlineData("{\"op\":\"subscribe\",\"subscriptions\":[{\"id\":1,\"channelId\":1},{\"id\":2,\"channelId\":1}]}", "subscribed already")]
    public async Task Receive_WhatTheServerDoesNotOffer_IsAnsweredInWords(string request, string expected)
    {
        var options = new FoxgloveOptions { Port = WorkFolder.FreePort() };
        await using var server = new FoxgloveTransport(options);
        await server.StartAsync(CancellationToken.None);
        Assert.Null(await server.SendAsync(Message(64), CancellationToken.None));
        using ClientWebSocket client = await ConnectAsync(options.Port);

        await client.SendAsync(Encoding.UTF8.GetBytes(request), WebSocketMessageType.Text, true, CancellationToken.None);

        byte[] buffer = new byte[4096];
        for (int i = 0; i < 3; i++)
        {
            WebSocketReceiveResult result = await client.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
            string text = Encoding.UTF8.GetString(buffer, 0, result.Count);
            if (text.Contains("\"status\"", StringComparison.Ordinal))
            {
                Assert.Contains(expected, text, StringComparison.Ordinal);
                return;
            }
        }

        Assert.Fail("the server said nothing");
    }

    [Fact]
    public async Task SendAsync_State_IsGivenToWhoeverSubscribesLater()
    {
        var options = new FoxgloveOptions { Port = WorkFolder.FreePort() };
        await using var server = new FoxgloveTransport(options);
        await server.StartAsync(CancellationToken.None);
        Assert.Null(await server.SendAsync(Message(64, isState: true), CancellationToken.None));

        using ClientWebSocket client = await SubscribeAsync(options.Port);

        byte[] buffer = new byte[4096];
        for (int i = 0; i < 3; i++)
        {
            WebSocketReceiveResult result = await client.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
            if (result.MessageType == WebSocketMessageType.Binary)
            {
                Assert.Equal((1, 7, 64 + FoxgloveProtocol.MessageHeaderLength), (buffer[0], buffer[1], result.Count));
                return;
            }
        }

        Assert.Fail("the state did not come");
    }

    private static WireMessage Message(int bytes, bool isState = false) => new()
    {
        Stream = isState ? VisionBanana.Edge.Messages.Streams.CameraInfo : VisionBanana.Edge.Messages.Streams.Cloud,
        Schema = isState ? "sensor_msgs/msg/CameraInfo" : "sensor_msgs/msg/PointCloud2",
        IsState = isState,
        Payload = new byte[bytes],
    };

    private static async Task<ClientWebSocket> ConnectAsync(int port)
    {
        var client = new ClientWebSocket();
        client.Options.AddSubProtocol("foxglove.websocket.v1");
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{port}"), CancellationToken.None);
        return client;
    }

    private static async Task<ClientWebSocket> SubscribeAsync(int port)
    {
        ClientWebSocket client = await ConnectAsync(port);
        byte[] request = Encoding.UTF8.GetBytes("{\"op\":\"subscribe\",\"subscriptions\":[{\"id\":7,\"channelId\":1}]}");
        await client.SendAsync(request, WebSocketMessageType.Text, true, CancellationToken.None);
        return client;
    }
}
