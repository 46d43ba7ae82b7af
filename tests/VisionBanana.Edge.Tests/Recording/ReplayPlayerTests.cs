using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Recording;
using VisionBanana.Edge.Tests.Messages.Ros;
using VisionBanana.Edge.Tests.Pipeline;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Recording;

public sealed class ReplayPlayerTests
{
    [Fact]
    public async Task PlayAsync_ARecordedRun_SendsTheSameMessagesWithTheSameDescription()
    {
        var sent = new List<string>();
        byte[] file = Record(4, sent);
        var played = new List<string>();
        var malformed = new List<string>();
        var transport = new MemoryTransport
        {
            OnSend = (message, _) =>
            {
                played.Add(Describe(message));
                if (MessageValidator.WhyMalformed(message) is { } why)
                {
                    malformed.Add(why);
                }

                return default;
            },
        };
        using McapReader reader = McapReader.Open(file);

        ReplayReport report = await new ReplayPlayer(reader, [transport], new ReplayOptions { Speed = null }).PlayAsync(CancellationToken.None);

        Assert.Equal(sent, played);
        Assert.Empty(malformed);
        Assert.Equal((sent.Count, 0, true), (report.Played, report.Skipped, report.Recovery.IsComplete));
    }

    [Fact]
    public async Task PlayAsync_StateThatRepeats_IsTheSameObjectForTransports()
    {
        var states = new List<WireMessage>();
        var transport = new MemoryTransport
        {
            OnSend = (message, _) =>
            {
                if (message.IsState)
                {
                    states.Add(message);
                }

                return default;
            },
        };
        using McapReader reader = McapReader.Open(Record(3, []));
        await new ReplayPlayer(reader, [transport], new ReplayOptions { Speed = null }).PlayAsync(CancellationToken.None);
        Assert.Equal(6, states.Count);
        Assert.Equal(2, states.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public async Task PlayAsync_TwiceTheSpeed_WaitsHalfTheTime()
    {
        var clock = new SteppedClock();
        byte[] file = Recordings.Write(new McapWriterOptions(), writer =>
        {
            foreach (long ms in (long[])[0, 100, 100, 7_300_000])
            {
                writer.Write(
                    new WireMessage { Stream = "depth", Schema = "sensor_msgs/msg/Image", Payload = Samples.Encoded["sensor_msgs/msg/Image"] },
                    "/depth", ms * 1_000_000);
            }
        });
        var transport = new MemoryTransport();
        using McapReader reader = McapReader.Open(file);
        Task<ReplayReport> playing = new ReplayPlayer(reader, [transport], new ReplayOptions { Speed = 2, Clock = clock }).PlayAsync(CancellationToken.None);

        await StepAsync(1, TimeSpan.FromMilliseconds(50));
        await StepAsync(3, TimeSpan.FromHours(1));
        await StepAsync(3, TimeSpan.FromMilliseconds((7_300_000 / 2) - 50 - 3_600_000));
        ReplayReport report = await playing.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((4, TimeSpan.FromMilliseconds(3_650_000)), (report.Played, report.Elapsed));

        async Task StepAsync(int sent, TimeSpan wait)
        {
            for (int i = 0; i < 1000 && !(transport.Sent.Count == sent && clock.Pending.Length == 1); i++)
            {
                await Task.Delay(10);
            }

            Assert.Equal((sent, wait), (transport.Sent.Count, Assert.Single(clock.Pending)));
            clock.Advance(wait);
        }
    }

    [Fact]
    public async Task PlayAsync_TransportRefuses_IsCountedByReason()
    {
        var refusing = new MemoryTransport { OnSend = (m, _) => new(m.Stream == Streams.Cloud ? DropReason.TooLargeForBroker : null) };
        using McapReader reader = McapReader.Open(Record(3, []));
        ReplayReport report = await new ReplayPlayer(
            reader, [new MemoryTransport(), refusing], new ReplayOptions { Speed = null }).PlayAsync(CancellationToken.None);
        Assert.Equal(3, report.Failed[DropReason.TooLargeForBroker]);
        Assert.Equal(18, report.Played);
    }

    [Fact]
    public async Task PlayAsync_ForeignAndMalformedMessages_AreSkippedAndCounted()
    {
        byte[] file = Recordings.Write(new McapWriterOptions(), writer =>
        {
            Recordings.WriteAll(writer, Recordings.Sample(2));
            writer.Write(new WireMessage { Stream = "depth", Schema = "sensor_msgs/msg/Image", Payload = new byte[] { 0, 1, 0, 0, 9 } }, "/depth", 1);
        });
        using McapReader reader = McapReader.Open(file);
        ReplayReport report = await new ReplayPlayer(reader, [new MemoryTransport()], new ReplayOptions { Speed = null }).PlayAsync(CancellationToken.None);
        Assert.Equal((0, 3), (report.Played, report.Skipped));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("command")]
    [InlineData("instructions")]
    [InlineData("instructions/set")]
    [InlineData("preview")]
    [InlineData("../../other/c/depth")]
    [InlineData("")]
    public async Task PlayAsync_StreamsThatAreNoneOfTheContract_AreNeverPublished(string stream)
    {
        byte[] payload = Samples.Encoded["sensor_msgs/msg/Image"];
        byte[] file = Recordings.Write(new McapWriterOptions(), writer =>
        {
            McapSchema schema = writer.AddSchema("sensor_msgs/msg/Image", "ros2msg", []);
            var metadata = new Dictionary<string, string> { [RecordingTopics.StreamKey] = stream };
            writer.Write(writer.AddChannel("/vb/v1/e/c/depth/" + stream, "cdr", schema, metadata), 0, 1, 1, payload);

            // The right stream with the wrong type would overwrite retained state.
            writer.Write(writer.AddChannel("/x/camera_info", "cdr", schema), 0, 2, 2, payload);
            writer.Write(writer.AddChannel("/x/depth", "cdr", schema), 0, 3, 3, payload);
        });
        var sent = new List<string>();
        var transport = new MemoryTransport
        {
            OnSend = (message, _) =>
            {
                sent.Add(message.Stream);
                return default;
            },
        };
        using McapReader reader = McapReader.Open(file);
        ReplayReport report = await new ReplayPlayer(
            reader, [transport], new ReplayOptions { Speed = null, Channels = _ => true }).PlayAsync(CancellationToken.None);
        Assert.Equal(["depth"], sent);
        Assert.Equal((1, 2), (report.Played, report.Skipped));
    }

    [Fact]
    public void Include_EveryStreamOfTheContract_IsKnown()
    {
        string[] streams = [.. typeof(Streams).GetFields().Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!)];
        Assert.NotEmpty(streams);
        Assert.Equal(streams.Order(StringComparer.Ordinal), ReplayStreams.All.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task PlayAsync_CancelledWhileLooping_ReportsHowFarItCame()
    {
        using var stop = new CancellationTokenSource();
        var transport = new MemoryTransport();
        using McapReader reader = McapReader.Open(Record(2, []));
        var stopping = new MemoryTransport { OnSend = (_, _) => { if (transport.Sent.Count > 30) { stop.Cancel(); } return default; } };
        var player = new ReplayPlayer(reader, [stopping, transport], new ReplayOptions { Speed = null, Loop = true });
        ReplayReport report = await player.PlayAsync(stop.Token);
        Assert.True(report.Played > 30);
    }

    [Theory]
    [InlineData(DepthEncoding.Rvl)]
    [InlineData(DepthEncoding.Zstd)]
    public async Task PlayAsync_CompressedStreamsAndTheMount_AreTheMessagesThatWereSent(DepthEncoding encoding)
    {
        var sent = new List<string>();
        byte[] file = Record(3, sent, new StreamOptions
        {
            Color = null,
            Painting = null,
            Depth = new() { Encoding = encoding },
            Cloud = new() { VoxelM = 0.05, Format = CloudFormat.Zstd },
            Mount = CameraMount.OfBody("base_link", 0, 0, 1, UnitQuaternion.Identity),
        });
        var played = new List<string>();
        var problems = new List<string>();
        var transport = new MemoryTransport
        {
            OnSend = (message, _) =>
            {
                played.Add(Describe(message));
                problems.AddRange(MessageValidator.WhyMalformed(message) is { } why ? [why] : []);
                return default;
            },
        };
        using McapReader reader = McapReader.Open(file);
        ReplayReport report = await new ReplayPlayer(reader, [transport], new ReplayOptions { Speed = null }).PlayAsync(CancellationToken.None);
        Assert.Equal((sent.Count, 0), (report.Played, report.Skipped));
        Assert.Empty(problems);
        Assert.Equal(sent.Where(IsCompressed), played.Where(IsCompressed));
        Assert.Contains(
            played, m => m.StartsWith("tf_static tf2_msgs/msg/TFMessage", StringComparison.Ordinal) && m.Contains(" base_link ", StringComparison.Ordinal));

        static bool IsCompressed(string m) => m.StartsWith("depth ", StringComparison.Ordinal) || m.StartsWith("cloud ", StringComparison.Ordinal);
    }

    private static byte[] Record(int pictures, List<string> sent, StreamOptions? options = null)
    {
        var frames = new SampleFrames(options: options);
        return Recordings.Write(new McapWriterOptions { ChunkBytes = 20_000 }, writer =>
        {
            for (int i = 0; i < pictures; i++)
            {
                using EncodedFrame frame = frames.Encode(i);
                foreach (WireMessage message in frame.Messages)
                {
                    writer.Write(message, RecordingTopics.Of(new CameraAddress("e", "c"), message.Stream), SampleFrames.FirstNs + (i * 33_000_000L));
                    sent.Add(Describe(message));
                }
            }
        });
    }

    // The size that label_info travels with is that of the labels, which the message does not hold.
    private static string Describe(WireMessage m) =>
        $"{m.Stream} {m.Schema} {m.Encoding} {m.SequenceNumber} {m.CapturedNs} {m.FrameId} {(m.Stream == Streams.LabelInfo ? "" : $"{m.Width}x{m.Height}")} "
            + $"{m.Step} {m.DataOffset}+{m.DataLength} {m.IsState} {Convert.ToHexString(m.Payload.Span)}";
}
