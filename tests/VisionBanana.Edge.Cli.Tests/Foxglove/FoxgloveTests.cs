using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using VisionBanana.Edge.Cli.Foxglove;
using VisionBanana.Edge.Cli.Network;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Foxglove;

public sealed class FoxgloveTests
{
    private static readonly string[] Heard = ["color", "depth", "painting", "labels", "cloud", "camera_info", "label_info", "diagnostics"];

    [Fact]
    public async Task Run_FoxglovesOwnClient_DecodesEveryStreamByTheAnnouncedSchema()
    {
        string interop = Path.Combine(Nearby.RepositoryRoot, "tests", "interop");
        Assert.SkipUnless(Directory.Exists(
            Path.Combine(interop, "node_modules", "@foxglove", "ws-protocol")), "the npm packages are not installed: run `npm ci` in tests/interop");
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
    public async Task SendAsync_Objects_AreASceneToo()
    {
        var options = new FoxgloveOptions { Port = WorkFolder.FreePort() };
        await using var server = new FoxgloveTransport(options);
        await server.StartAsync(CancellationToken.None);
        byte[] objects = Encoding.UTF8.GetBytes("""
            {"captured_ns": 1500000002, "frame_id": "camera_optical", "objects": [
              {"id": 3, "class": "person", "depth_m": 2.26, "box": {"centre_m": [0.1, 0.2, 2.5], "size_m": [0.5, 1.7, 0.4]}}]}
            """);
        var message = new WireMessage { Stream = WireTopics.ObjectsStream, Schema = "", Encoding = "json", Payload = objects };
        Assert.Null(await server.SendAsync(message, CancellationToken.None));
        using ClientWebSocket client = await ConnectAsync(options.Port);
        byte[] buffer = new byte[64 * 1024];
        JsonElement[] channels = [];
        while (channels.Length == 0)
        {
            WebSocketReceiveResult told = await client.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
            JsonElement text = JsonDocument.Parse(buffer.AsMemory(0, told.Count)).RootElement;
            channels = text.TryGetProperty("channels", out JsonElement announced) ? [.. announced.EnumerateArray()] : [];
        }

        JsonElement scene = channels.Single(c => c.GetProperty("schemaName").GetString() == "foxglove.SceneUpdate");
        Assert.Equal(("json", "jsonschema"), (scene.GetProperty("encoding").GetString(), scene.GetProperty("schemaEncoding").GetString()));
        Assert.EndsWith("/objects_scene", scene.GetProperty("topic").GetString(), StringComparison.Ordinal);
        JsonElement schema = JsonDocument.Parse(scene.GetProperty("schema").GetString()!).RootElement;

        JsonElement entity = JsonDocument.Parse(ObjectScene.Of(objects)).RootElement.GetProperty("entities")[0];
        JsonElement described = schema.GetProperty("properties").GetProperty("entities").GetProperty("items").GetProperty("properties");
        Assert.Equal(
            described.EnumerateObject().Select(p => p.Name).Order(),
            entity.EnumerateObject().Select(p => p.Name).Order());
        JsonElement stamp = entity.GetProperty("timestamp");
        Assert.Equal((1, 500000002), (stamp.GetProperty("sec").GetInt32(), stamp.GetProperty("nsec").GetInt32()));
        Assert.Equal(2.5, entity.GetProperty("cubes")[0].GetProperty("pose").GetProperty("position").GetProperty("z").GetDouble());
        Assert.Equal("person 3, 2.3 m", entity.GetProperty("texts")[0].GetProperty("text").GetString());
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

    [Theory]
    [InlineData(null, "localhost", 101)]
    [InlineData(null, "127.0.0.1", 101)]
    [InlineData(null, "robot.local", 101)]
    [InlineData(null, "evil.example", 421)]
    [InlineData("file://", "localhost", 101)]
    [InlineData("https://app.foxglove.dev", "localhost", 101)]
    [InlineData("https://lichtblick.mine.example", "localhost", 101)]
    [InlineData("https://evil.example", "localhost", 403)]
    [InlineData("https://app.foxglove.dev.evil.example", "localhost", 403)]
    [InlineData("http://app.foxglove.dev", "localhost", 403)]
    [InlineData("null", "localhost", 403)]
    public async Task Connect_ByNameAndFromPage_OnlyThoseOfTheList(string? origin, string host, int status)
    {
        var options = new FoxgloveOptions { Port = WorkFolder.FreePort(), HostNames = ["robot.local"], Origins = ["https://lichtblick.mine.example"] };
        await using var server = new FoxgloveTransport(options);
        await server.StartAsync(CancellationToken.None);
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("foxglove.sdk.v1");
        client.Options.CollectHttpResponseDetails = true;
        client.Options.SetRequestHeader("Host", host);
        client.Options.SetRequestHeader("Origin", origin);
        if (status == 101)
        {
            await client.ConnectAsync(new Uri($"ws://127.0.0.1:{options.Port}"), CancellationToken.None);
        }
        else
        {
            await Assert.ThrowsAsync<WebSocketException>(() => client.ConnectAsync(new Uri($"ws://127.0.0.1:{options.Port}"), CancellationToken.None));
        }

        Assert.Equal(status, (int)client.HttpStatusCode);
    }

    [Fact]
    public async Task Connect_WhereOthersCanReachIt_OnlyWithTheToken()
    {
        const string variable = "VBEDGE_TEST_FOXGLOVE_TOKEN", token = "a token of 24 characters";
        Environment.SetEnvironmentVariable(variable, token);
        var options = new FoxgloveOptions { Port = WorkFolder.FreePort(), Address = System.Net.IPAddress.Any, TokenVariable = variable };
        await using var server = new FoxgloveTransport(options);
        await server.StartAsync(CancellationToken.None);
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(options.Port));
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(options.Port, "/?token=guess"));
        using ClientWebSocket right = await ConnectAsync(options.Port, $"/?token={Uri.EscapeDataString(token)}");
        Assert.DoesNotContain(token, server.State, StringComparison.Ordinal);
        Assert.Null(AccessToken.For("VBEDGE_TEST_NOT_SET", System.Net.IPAddress.Loopback, "x"));
        Assert.Equal(32, AccessToken.For("VBEDGE_TEST_NOT_SET", System.Net.IPAddress.Any, "x")!.Value.Length);
    }

    [Fact]
    public async Task Connect_SixtyHalfRequestsAndEveryPlaceTakenByViewersOfNothing_AnHonestViewerGetsIn()
    {
        var options = new FoxgloveOptions { Port = WorkFolder.FreePort(), MaxClients = 3 };
        await using var server = new FoxgloveTransport(options);
        await server.StartAsync(CancellationToken.None);
        Assert.Null(await server.SendAsync(Message(64, isState: true), CancellationToken.None));
        var idle = new List<ClientWebSocket>();
        for (int i = 0; i < options.MaxClients; i++)
        {
            idle.Add(await ConnectAsync(options.Port));
        }

        using HalfOpen halfOpen = await HalfOpen.OpenAsync(options.Port, 60);
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(options.Port));
        await Task.Delay(2500);

        using ClientWebSocket honest = await SubscribeAsync(options.Port);
        byte[] buffer = new byte[4096];
        while ((await honest.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10))).MessageType != WebSocketMessageType.Binary)
        {
        }

        idle.ForEach(i => i.Dispose());
    }

    [Fact]
    public async Task Queue_Full_CloudsGoBeforePicturesBeforeState_AndStateIsSentFirst()
    {
        using var queue = new SendQueue(4);
        FoxgloveClient.Outgoing[] messages = [.. Enumerable.Range(0, 8).Select(i => FoxgloveClient.Outgoing.Copy((uint)i, [(byte)i], 0))];
        int[] ranks = [2, 1, 0, 2, 1, 2, 0, 0];
        var gone = new List<byte>();
        for (int i = 0; i < messages.Length; i++)
        {
            if (queue.Add(messages[i], ranks[i]) is { } left)
            {
                gone.Add(left.Bytes.Span[^1]);
            }
        }

        // The fifth (a picture) takes the place of the oldest cloud; the sixth, a cloud, that of the cloud that is left; then state that of it, and of a
        // picture.
        Assert.Equal([0, 3, 5, 1], gone);
        var order = new List<byte>();
        for (int i = 0; i < 4; i++)
        {
            order.Add((await queue.TakeAsync(CancellationToken.None)).Bytes.Span[^1]);
        }

        Assert.Equal([2, 6, 7, 4], order);
    }

    [Theory]
    [InlineData("tf_static", true, 0)]
    [InlineData("diagnostics", false, 0)]
    [InlineData("depth", false, 1)]
    [InlineData("cloud", false, 2)]
    public void RankOf_Streams_StatePicturesClouds(string stream, bool isState, int rank) => Assert.Equal(rank, SendQueue.RankOf(stream, isState));

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

    private static async Task<ClientWebSocket> ConnectAsync(int port, string path = "/")
    {
        var client = new ClientWebSocket();
        client.Options.AddSubProtocol("foxglove.websocket.v1");
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{port}{path}"), CancellationToken.None);
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
