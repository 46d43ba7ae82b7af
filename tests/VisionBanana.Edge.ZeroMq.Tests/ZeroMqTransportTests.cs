using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using NetMQ;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.ZeroMq.Tests;

public sealed class ZeroMqTransportTests
{
    private static readonly ZeroMqOptions AnyPort = new()
    {
        Endpoint = "tcp://127.0.0.1:0",
        Device = "robot",
        Camera = "front",
        StateInterval = TimeSpan.FromMilliseconds(200),
    };

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task SendAsync_WholeFrames_ListenerGetsEveryMessageWellFormed()
    {
        await using var transport = new ZeroMqTransport(AnyPort);
        await transport.StartAsync(CancellationToken.None);
        var received = new ConcurrentQueue<(string Topic, long Sequence, long StampNs, string? Malformed)>();
        await using ZeroMqListener listener = await ListenAsync(
            transport, m => received.Enqueue((m.Topic, m.Message.SequenceNumber, m.Message.CapturedNs, m.WhyMalformed())));

        int Heard(string stream) => received.Count(m => m.Topic == $"vb/v1/robot/front/{stream}");
        IEnumerable<long> StampsOf(string stream) => received.Where(m => m.Topic == $"vb/v1/robot/front/{stream}").Select(m => m.StampNs);
        var frames = new SampleFrames();
        using (EncodedFrame encoded = frames.Encode(0))
        {
            await SendAsync(transport, encoded.Messages.Where(message => message.IsState));
        }

        // State is repeated, so who has heard it has joined. From then on nothing is lost to a subscriber that keeps up: PUB drops only what one is
        // more than the high-water mark behind with.
        await UntilAsync(() => Heard("camera_info") > 0 && Heard("label_info") > 0);
        for (int i = 0; i < 20; i++)
        {
            using EncodedFrame encoded = frames.Encode(i);
            await SendAsync(transport, encoded.Messages);

            await UntilAsync(() => Heard("cloud") > i && Heard("depth") > i && Heard("depth/camera_info") > i && Heard("labels") > i && Heard("normals") > i);
        }

        Assert.All(received, message => Assert.Null(message.Malformed));
        Assert.Equal(
            ["camera_info", "cloud", "depth", "depth/camera_info", "label_info", "labels", "normals"],
            received.Select(message => message.Topic["vb/v1/robot/front/".Length..]).Distinct().Order());
        Assert.Equal(
            Enumerable.Range(0, 20).Select(i => (long)i), received.Where(m => m.Topic.EndsWith("/cloud", StringComparison.Ordinal)).Select(m => m.Sequence));

        // Exact-time synchronisers pair each picture with its calibration by stamp.
        Assert.Equal(StampsOf("depth"), StampsOf("depth/camera_info"));
    }

    [Fact]
    public async Task PythonConsumer_WithoutSdk_PrintsTheMetricPointsThatWereSent()
    {
        await using var transport = new ZeroMqTransport(AnyPort);
        await transport.StartAsync(CancellationToken.None);
        using ExternalProcess python = await Consumers.StartAsync(
            "zeromq_consumer.py", ["zmq", "numpy"], "--connect", transport.Endpoint, "--frames", "60");
        var frames = new SampleFrames();
        Task<int> end = python.WaitAsync(Limit);
        await PublishUntilAsync(transport, frames, () => end.IsCompleted);

        Assert.True(await end == 0, python.Errors);
        Assert.Equal(60, python.Output.Length);

        // 24 × 31 valid points (column 0 has none), nearest in row 0, centre in row 12; the label's name came as state.
        Assert.Contains("744 points, nearest", python.Output[^1], StringComparison.Ordinal);
        Assert.Contains("1.000 m cup, centre", python.Output[^1], StringComparison.Ordinal);
        Assert.EndsWith("1.120 m table", python.Output[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task EightLinesOfTheReadme_AsTheyStandThere_PrintMillimetres()
    {
        await using var transport = new ZeroMqTransport(AnyPort with { Device = "demo", Camera = "room" });
        await transport.StartAsync(CancellationToken.None);
        string readme = await File.ReadAllTextAsync(Path.Combine(Nearby.RepositoryRoot, "samples", "python-consumer", "README.md"));
        string program = readme.Split("```python\n")[1].Split("```")[0];
        Assert.Equal(8, program.TrimEnd().Split('\n').Length);
        using ExternalProcess python = await Consumers.RunAsync(
            program.Replace(new ZeroMqOptions().Endpoint, transport.Endpoint, StringComparison.Ordinal), ["zmq", "numpy"]);
        await PublishUntilAsync(transport, new SampleFrames(), () => python.Output.Length >= 3);

        Assert.All(python.Output, line => Assert.EndsWith(" 1120 mm in the centre", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task State_SentOnce_LateSubscriberGetsIt()
    {
        await using var transport = new ZeroMqTransport(AnyPort);
        await transport.StartAsync(CancellationToken.None);
        using (EncodedFrame encoded = new SampleFrames().Encode(0))
        {
            await SendAsync(transport, encoded.Messages.Where(message => message.IsState));
        }

        var streams = new ConcurrentQueue<string>();
        await using ZeroMqListener listener = await ListenAsync(transport, message =>
        {
            Assert.Null(message.WhyMalformed());
            streams.Enqueue(message.Message.Stream);
        });
        await UntilAsync(() => streams.Distinct().Count() == 2);
        Assert.Equal([Streams.CameraInfo, Streams.LabelInfo], streams.Distinct().Order());
    }

    [Fact]
    public async Task SendAsync_SubscriberThatReadsNothing_NeverWaits()
    {
        await using var transport = new ZeroMqTransport(AnyPort with { HighWaterMark = 2 });
        await transport.StartAsync(CancellationToken.None);
        using var stuck = new NetMQ.Sockets.SubscriberSocket();
        stuck.Options.ReceiveHighWatermark = 1;
        stuck.Connect(transport.Endpoint);
        stuck.Subscribe("");
        var frames = new SampleFrames(320, 240);
        for (int i = 0; i < 60; i++)
        {
            using EncodedFrame encoded = frames.Encode(i);
            foreach (WireMessage message in encoded.Messages)
            {
                Assert.Null(await transport.SendAsync(message, CancellationToken.None).AsTask().WaitAsync(Limit));
            }
        }
    }

    [Fact]
    public async Task SendAsync_FromManySidesAndWhileClosing_EveryCallEndsWithSentOrStopped()
    {
        var transport = new ZeroMqTransport(AnyPort);
        await transport.StartAsync(CancellationToken.None);
        using var halfway = new SemaphoreSlim(0);
        Task<List<DropReason?>>[] senders = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var results = new List<DropReason?>();
            for (int i = 0; i < 2000; i++)
            {
                results.Add(await transport.SendAsync(Diagnostics(), CancellationToken.None));
                if (i == 500)
                {
                    halfway.Release();
                }
            }

            return results;
        }))];
        for (int i = 0; i < senders.Length; i++)
        {
            Assert.True(await halfway.WaitAsync(Limit));
        }

        await transport.DisposeAsync();
        foreach (List<DropReason?> results in await Task.WhenAll(senders).WaitAsync(Limit))
        {
            int sent = results.TakeWhile(result => result is null).Count();
            Assert.InRange(sent, 501, 2000);
            Assert.All(results.Skip(sent), result => Assert.Equal(DropReason.Stopped, result));
        }
    }

    [Fact]
    public async Task SendAsync_OnceWarm_AllocatesNothingOnTheCallersSide()
    {
        await using var transport = new ZeroMqTransport(AnyPort);
        await transport.StartAsync(CancellationToken.None);
        using EncodedFrame encoded = new SampleFrames().Encode(0);
        for (int i = 0; i < 200; i++)
        {
            await SendAllAsync();
        }

        // The whole process is counted, for a message is sent on another thread; what tests beside this one allocate is not in most rounds.
        const int Rounds = 21, Times = 20;
        long[] perMessage = new long[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < Times; i++)
            {
                await SendAllAsync();
            }

            perMessage[round] = (GC.GetTotalAllocatedBytes(precise: true) - before) / (Times * encoded.Messages.Count);
        }

        Assert.True(perMessage.Order().ElementAt(Rounds / 2) <= 100, string.Join(' ', perMessage));

        async Task SendAllAsync()
        {
            for (int i = 0; i < encoded.Messages.Count; i++)
            {
                await transport.SendAsync(encoded.Messages[i], CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task StartAsync_PortInUse_SaysWhichAndWhatToDo()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        string endpoint = $"tcp://127.0.0.1:{((IPEndPoint)holder.LocalEndpoint).Port}";
        await using var transport = new ZeroMqTransport(AnyPort with { Endpoint = endpoint });
        var error = await Assert.ThrowsAsync<TransportException>(() => transport.StartAsync(CancellationToken.None));
        Assert.Contains($"{endpoint} is in use", error.Message, StringComparison.Ordinal);
        Assert.Equal(DropReason.Stopped, await transport.SendAsync(Diagnostics(), CancellationToken.None));
    }

    [Fact]
    public async Task SendAsync_BeforeStartAndAfterDispose_IsADropNotAnError()
    {
        var transport = new ZeroMqTransport(AnyPort);
        Assert.Equal(DropReason.NotConnected, await transport.SendAsync(Diagnostics(), CancellationToken.None));
        await transport.StartAsync(CancellationToken.None);
        Assert.Contains("bound", transport.State, StringComparison.Ordinal);
        await transport.DisposeAsync();
        Assert.Equal(DropReason.Stopped, await transport.SendAsync(Diagnostics(), CancellationToken.None));
        Assert.Contains("closed", transport.State, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ipc:///tmp/vb", "ipc over TCP")]
    [InlineData("udp://1.2.3.4:5", "tcp://")]
    [InlineData("tcp://*", "tcp://")]
    [InlineData("tcp://*:99999", "tcp://")]
    public void Construct_EndpointThatCannotWork_RefusedWithTheReason(string endpoint, string reason)
    {
        var error = Assert.Throws<ConfigurationException>(() => new ZeroMqTransport(AnyPort with { Endpoint = endpoint }));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a+")]
    [InlineData("#")]
    public void Construct_NameThatIsNoTopicPart_Refused(string name)
    {
        Assert.Throws<ConfigurationException>(() => new ZeroMqTransport(AnyPort with { Device = name }));
        Assert.Throws<ConfigurationException>(() => new ZeroMqTransport(AnyPort with { Camera = name }));
    }

    [Fact]
    public async Task Curve_SubscriberWithThePublicKey_Hears_OneWithoutDoesNot()
    {
        var keys = new NetMQCertificate();
        const string Variable = "VB_TEST_CURVE_SECRET";
        Environment.SetEnvironmentVariable(Variable, keys.SecretKeyZ85);
        await using var transport = new ZeroMqTransport(AnyPort with { CurveSecretKeyVariable = Variable });
        await transport.StartAsync(CancellationToken.None);
        var heard = new ConcurrentQueue<string?>();
        var overheard = new ConcurrentQueue<string>();
        await using ZeroMqListener friend = await ListenAsync(transport, m => heard.Enqueue(m.WhyMalformed()), keys.PublicKeyZ85);
        await using ZeroMqListener stranger = await ListenAsync(transport, m => overheard.Enqueue(m.Topic));

        await PublishUntilAsync(transport, new SampleFrames(), () => heard.Count >= 30);

        Assert.All(heard, Assert.Null);
        Assert.Empty(overheard);
    }

    [Fact]
    public void Curve_KeyMissingOrMalformed_RefusedWithoutShowingIt()
    {
        var missing = Assert.Throws<ConfigurationException>(() => new ZeroMqTransport(AnyPort with { CurveSecretKeyVariable = "VB_TEST_NOT_SET" }));
        Assert.Contains("VB_TEST_NOT_SET", missing.Message, StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("VB_TEST_CURVE_SHORT", "secret");
        var wrong = Assert.Throws<ConfigurationException>(() => new ZeroMqTransport(AnyPort with { CurveSecretKeyVariable = "VB_TEST_CURVE_SHORT" }));
        Assert.DoesNotContain("secret", wrong.Message, StringComparison.Ordinal);
    }

    private static WireMessage Diagnostics() => DiagnosticsMessage.Create(1);

    private static async Task<ZeroMqListener> ListenAsync(ZeroMqTransport transport, Action<ReceivedMessage> onMessage, string? serverKey = null)
    {
        var listener = new ZeroMqListener(new ZeroMqListenerOptions { Endpoint = transport.Endpoint, CurveServerKey = serverKey });
        listener.Messages.Subscribe(onMessage);
        await listener.StartAsync(CancellationToken.None);
        return listener;
    }

    /// <summary>Publishes pictures at a camera's pace until a condition holds: a subscriber needs a moment to join.</summary>
    private static async Task PublishUntilAsync(ZeroMqTransport transport, SampleFrames frames, Func<bool> done)
    {
        using var limit = new CancellationTokenSource(Limit);
        for (long sequence = 0; !done(); sequence++)
        {
            Assert.False(limit.IsCancellationRequested, "the subscriber did not get what was published");
            using EncodedFrame encoded = frames.Encode(sequence);
            await SendAsync(transport, encoded.Messages);

            await Task.Delay(10);
        }
    }

    private static async Task SendAsync(ZeroMqTransport transport, IEnumerable<WireMessage> messages)
    {
        foreach (WireMessage message in messages)
        {
            Assert.Null(await transport.SendAsync(message, CancellationToken.None));
        }
    }

    private static async Task UntilAsync(Func<bool> done)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!done())
        {
            Assert.False(limit.IsCancellationRequested, "it did not happen in time");
            await Task.Delay(10);
        }
    }
}
