using System.Collections.Concurrent;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Navigation;

namespace VisionBanana.Edge.Benchmarks.Navigation;

/// <summary>How long it takes from a picture to the event of a zone that changed with it, through the whole pipeline, at 15 pictures a second.</summary>
internal static class ZoneLatency
{
    private const int Seconds = 20;

    public static async Task PrintAsync(OnnxPainter painter)
    {
        var camera = CameraIntrinsics.FromHorizontalFov(192, 144, painter.Description.HorizontalFovDegrees ?? 60);
        CameraMount mount = Drives.All[0].Mount;

        // Every second picture shows a wall before the robot: zones change with the pictures.
        byte[][] pictures = [.. new[] { new Scene { WallAt = 1 }, new Scene { WallAt = 9 } }.Select(scene =>
        {
            byte[] rgb = new byte[192 * 144 * 3];
            DrivePictures.Paint(scene, camera, mount, rgb);
            return rgb;
        })];
        int picture = 0;
        using var source = new PictureSource(192, 144, PixelFormat.Rgb8, pixels =>
        {
            pictures[picture++ / 8 % 2].CopyTo(pixels);
            return picture < Seconds * Drives.RateHz;
        })
        {
            Intrinsics = camera,
            FramesPerSecond = Drives.RateHz,
        };
        var events = new Events();
        await using var pipeline = new PerceptionPipeline(new PipelineParts
        {
            Source = source,
            Painter = painter,
            Instructions = [new ScheduledInstruction(Instruction.MetricDepth())],
            Perceive = new PerceiveOptions { Support = SupportPlane.Of(mount), Navigation = Drives.Options(mount) with { Zones = [Slow] } },
            Streams = new StreamOptions { Color = null, Painting = null, Depth = null, Cloud = null, Labels = null, Instances = null, Normals = null },
            Transports = [events],
        });
        await pipeline.RunAsync(CancellationToken.None).ConfigureAwait(false);
        double[] ms = [.. events.Ms.Order()];
        Console.WriteLine(ms.Length == 0
            ? "capture → zone event: no zone changed"
            : FormattableString.Invariant(
                $"capture → zone event, {ms.Length} events: median {ms[ms.Length / 2]:0.0} ms, 90 % {ms[ms.Length * 9 / 10]:0.0} ms"));
    }

    private static ZoneOptions Slow => new()
    {
        Name = "slow",
        Shape = PolygonZone.Box(0.6f, 2, -0.4f, 0.4f),
        LeaveAfter = TimeSpan.Zero,
        MaxHidden = 1,
    };

    private sealed class Events : IMessageTransport
    {
        public ConcurrentQueue<double> Ms { get; } = new();

        public string Name => "events";

        public string State => "";

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask<DropReason?> SendAsync(WireMessage message, CancellationToken cancellationToken)
        {
            if (message.Stream == WireTopics.ZoneEventsStream && message.SequenceNumber > 0)
            {
                long now = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
                Ms.Enqueue((now - message.CapturedNs) / 1e6);
            }

            return ValueTask.FromResult<DropReason?>(null);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
