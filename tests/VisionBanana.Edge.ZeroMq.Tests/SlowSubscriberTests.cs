using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.ZeroMq.Tests;

/// <summary>Alone, because it measures the memory of the whole process.</summary>
[Collection(nameof(SlowSubscriberTests))]
[CollectionDefinition(nameof(SlowSubscriberTests), DisableParallelization = true)]
public sealed class SlowSubscriberTests
{
    private const int MessageBytes = 1_000_000, Messages = 400, HighWaterMark = 12;

    // It joins, says so when the first message is there, and never reads again.
    private const string Stuck =
        """
        import sys, time, zmq
        socket = zmq.Context().socket(zmq.SUB)
        socket.setsockopt(zmq.RCVHWM, 1)
        socket.connect(sys.argv[1])
        socket.subscribe(b"")
        socket.recv_multipart()
        print("joined")
        time.sleep(60)
        """;

    [Fact]
    public async Task SubscriberThatStopsReading_HoldsBackNoMoreThanTheHighWaterMark()
    {
        await using var transport = new ZeroMqTransport(new ZeroMqOptions { Endpoint = "tcp://127.0.0.1:0", HighWaterMark = HighWaterMark });
        await transport.StartAsync(CancellationToken.None);
        var message = new WireMessage { Stream = Streams.Cloud, Schema = "sensor_msgs/msg/PointCloud2", Payload = new byte[MessageBytes] };
        using ExternalProcess stuck = await Consumers.RunAsync(Stuck, ["zmq"], transport.Endpoint);
        Task<string> joined = stuck.WaitForLineAsync(line => line == "joined", TimeSpan.FromSeconds(15));
        while (!joined.IsCompleted)
        {
            Assert.Null(await transport.SendAsync(message, CancellationToken.None));
            await Task.Delay(10);
        }

        await joined;
        long before = Environment.WorkingSet;
        for (int i = 0; i < Messages; i++)
        {
            Assert.Null(await transport.SendAsync(message, CancellationToken.None));
        }

        long grown = (Environment.WorkingSet - before) / MessageBytes;
        TestContext.Current.SendDiagnosticMessage($"grown by {grown} MB after {Messages} messages of 1 MB nobody read");

        // The queue, the message in the encoder, and as much again for buffers that the pool rounds up to a power of two.
        Assert.InRange(grown, long.MinValue, 2 * (HighWaterMark + 2));
    }
}
