using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Recording;
using VisionBanana.Edge.Tests.Perception;
using VisionBanana.Edge.Tests.Pipeline;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Recording;

public sealed class RecordingTransportTests : IDisposable
{
    private readonly Recordings.TemporaryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task SendAsync_EverythingOfAPicture_IsInTheFileAsItWasSent()
    {
        var sent = new List<(string Stream, long CapturedNs, byte[] Payload)>();
        var frames = new SampleFrames();
        await using (var transport = new RecordingTransport(Options()))
        {
            await transport.StartAsync(CancellationToken.None);
            for (int i = 0; i < 5; i++)
            {
                using EncodedFrame frame = frames.Encode(i);
                foreach (WireMessage message in frame.Messages)
                {
                    Assert.Null(await transport.SendAsync(message, CancellationToken.None));
                    if (!message.IsState || i == 0)
                    {
                        sent.Add((message.Stream, message.CapturedNs, message.Payload.ToArray()));
                    }
                }
            }

            Assert.Contains("27 messages", transport.State, StringComparison.Ordinal);
        }

        using McapReader reader = McapReader.Open(_file.Path);
        Assert.True(reader.Recovery.IsComplete);
        Assert.Equal(
            sent.Select(m => ($"/vb/v1/edge_1/front/{m.Stream}", m.CapturedNs, Convert.ToHexString(m.Payload))),
            reader.ReadMessages().Select(m => (m.Channel.Topic, m.PublishTimeNs, Convert.ToHexString(m.Data.Span))));
        Assert.Equal("model", System.Text.Encoding.UTF8.GetString(reader.ReadAttachment(Assert.Single(reader.Attachments)).Data.Span));
        Assert.Equal(("edge-1", "scene-s"), (Assert.Single(reader.ReadMetadata()).Entries["device"], reader.ReadMetadata()[0].Entries["model"]));
    }

    [Fact]
    public async Task SendAsync_StateThatDoesNotChange_IsRepeatedOnceASecond()
    {
        var clock = new SteppedClock();
        var frames = new SampleFrames();
        await using (var transport = new RecordingTransport(Options() with { Writer = new McapWriterOptions { Clock = clock } }))
        {
            await transport.StartAsync(CancellationToken.None);
            for (int i = 0; i < 25; i++)
            {
                using EncodedFrame frame = frames.Encode(i);
                await transport.SendAsync(frame.Messages[0], CancellationToken.None);
                clock.Advance(TimeSpan.FromMilliseconds(100));
            }
        }

        using McapReader reader = McapReader.Open(_file.Path);
        Assert.Equal([0, 1000, 2000], reader.ReadMessages().Select(m => (m.LogTimeNs - 1_700_000_000_000_000_000) / 1_000_000));
    }

    [Fact]
    public async Task StartAsync_FileExists_IsATransportError()
    {
        await File.WriteAllTextAsync(_file.Path, "precious");
        await using var transport = new RecordingTransport(Options());
        await Assert.ThrowsAsync<TransportException>(() => transport.StartAsync(CancellationToken.None));
        using EncodedFrame frame = new SampleFrames().Encode(0);
        Assert.Equal(DropReason.NotConnected, await transport.SendAsync(frame.Messages[0], CancellationToken.None));
    }

    [Fact]
    public void Of_NamesThatRosDoesNotAllow_BecomeNamesItDoes()
    {
        Assert.Equal("/vb/v1/edge_1/front/depth", RecordingTopics.Of(new CameraAddress("edge-1", "front"), "depth"));
        Assert.Equal("/vb/v1/_4_a_b/_/depth", RecordingTopics.Of(new CameraAddress("4 a--b", ""), "depth"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Replay_OfARecordedRun_GivesTheSamePerceptsByteForByte(bool throughOpenFile)
    {
        // The first run, recorded with its camera pictures beside what it published.
        Dictionary<(string, long), string> first = await RunAsync(new StampedSource(12), Options() with { IncludeSource = true });
        Assert.Equal(12 * 2, first.Count(m => m.Key.Item1 is "depth" or "cloud"));

        // Twice again from the recording.
        for (int i = 0; i < 2; i++)
        {
            byte[] file = await File.ReadAllBytesAsync(_file.Path);
            using RecordingSource source = throughOpenFile ? RecordingSource.Open(_file.Path) : RecordingSource.Open(McapReader.Open(file));
            Assert.Equal((32, 24, PixelFormat.Bgr8, false), (source.Width, source.Height, source.Format, source.IsLive));
            Assert.Contains("12 pictures", source.Description, StringComparison.Ordinal);
            Assert.Equal(first, await RunAsync(source, null));
            Assert.Equal("ended", source.State);
        }
    }

    [Fact]
    public async Task Tap_Pictures_AreRecordedWithStampSequenceAndCalibration()
    {
        await RunAsync(new StampedSource(3), Options() with { IncludeSource = true });
        using McapReader reader = McapReader.Open(_file.Path);
        McapReadOptions Topic(string stream) => new() { Channels = c => c.Topic == RecordingTopics.Of(new CameraAddress("edge-1", "front"), stream) };
        var pictures = new List<Image>();
        foreach (McapMessage message in reader.ReadMessages(Topic(RecordingTopics.SourceImage)))
        {
            Image image = RosMessage.Decode<Image>(message.Data.ToArray());
            Assert.Equal((uint)pictures.Count, message.Sequence);
            Assert.Equal(StampedSource.Pixels(pictures.Count), image.Data.ToArray());
            Assert.Equal(("bgr8", "front_optical", StampedSource.FirstNs + (pictures.Count * StampedSource.IntervalNs)), (
                image.Encoding, image.Header.FrameId, image.Header.Stamp.Nanoseconds));
            pictures.Add(image);
        }

        Assert.Equal(3, pictures.Count);
        List<CameraInfo> infos = [.. reader.ReadMessages(Topic(RecordingTopics.SourceCameraInfo)).Select(m => RosMessage.Decode<CameraInfo>(m.Data))];
        Assert.Equal(pictures.Select(p => p.Header), infos.Select(i => i.Header));
        Assert.Equal(new StampedSource(0).Intrinsics!.Distortion, infos[0].D);
    }

    [Fact]
    public void Tap_WithoutIncludeSource_IsTheSourceItself()
    {
        var source = new StampedSource(1);
        Assert.Same(source, new RecordingTransport(Options()).Tap(source));
    }

    [Fact]
    public async Task Tap_LiveCameraAndNoFile_DropsAreCountedAndThePipelineGoesOn()
    {
        // Never started: there is no file to record into.
        var transport = new RecordingTransport(Options() with { IncludeSource = true });
        var source = new StampedSource(20, isLive: true);
        int seen = 0;
        var ended = new TaskCompletionSource();
        using (transport.Tap(source).Frames.Subscribe(_ => seen++, ended.SetResult))
        {
            await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }

        await transport.DisposeAsync();
        Assert.Equal((20, 0, 20), (seen, transport.SourceRecorded, transport.SourceDropped));
        Assert.Equal(0, source.Outstanding);
    }

    private RecordingOptions Options() => new()
    {
        Path = _file.Path,
        Device = "edge-1",
        Camera = "front",
        Attachments = [new McapAttachment("model.yaml", "application/yaml", "model"u8.ToArray())],
        Metadata = new Dictionary<string, string> { ["model"] = "scene-s" },
    };

    /// <summary>Runs a pipeline and returns the payloads it published, by stream and sequence number.</summary>
    private static async Task<Dictionary<(string Stream, long Sequence), string>> RunAsync(
        ICameraSource source, RecordingOptions? record)
    {
        var published = new Dictionary<(string, long), string>();
        var memory = new MemoryTransport
        {
            OnSend = (message, _) =>
            {
                if (message.Stream != Streams.Diagnostics)
                {
                    published[(message.Stream, message.SequenceNumber)] = Convert.ToHexString(message.Payload.Span);
                }

                return default;
            },
        };
        RecordingTransport? recording = record is null ? null : new RecordingTransport(record);
        using var painter = new GreyPainter();
        var pipeline = new PerceptionPipeline(new PipelineParts
        {
            Device = "edge-1",
            Source = recording is null ? source : recording.Tap(source),
            Painter = painter,
            Instructions = [new ScheduledInstruction(Instruction.MetricDepth())],
            Images = new MarkedImageEncoder(),
            Transports = recording is null ? [memory] : [memory, recording],
            Sinks = new SinkOptions { Capacity = 64 },
        });
        await pipeline.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        return published;
    }
}
