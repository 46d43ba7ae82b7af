using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <content>The scan.</content>
public static partial class Streams
{
    /// <summary>sensor_msgs/LaserScan: the nearest obstacle in each direction, in a level frame at the camera; where obstacles are asked.</summary>
    public const string Scan = "scan";
}

/// <content>The scan.</content>
public sealed partial record StreamOptions
{
    /// <summary>The scan, or null.</summary>
    public ScanStreamOptions? Scan { get; init; } = new();
}

/// <summary>How the scan is published.</summary>
public sealed record ScanStreamOptions : IPictureStreamOptions
{
    /// <summary>The most scans per second by capture time, or null for all.</summary>
    public double? RateHz { get; init; }
}

internal sealed class ScanStream() : PictureStream<ScanStreamOptions>(
    Streams.Scan, new WireSchema(LaserScan.Schema, Check, payload => Describe(RosMessage.Decode<LaserScan>(payload), payload)))
{
    protected override ScanStreamOptions? Of(StreamOptions options) => options.Scan;

    protected override StreamOptions With(StreamOptions options, ScanStreamOptions? own) => options with { Scan = own };

    protected override ScanStreamOptions Read(YamlSection section, double? rateHz) => new() { RateHz = rateHz };

    protected override PictureWriter CreateWriter(ScanStreamOptions own, IImageEncoder images) => new Writer(own);

    /// <summary>The ranges are float32 in place; only intensities stand behind them.</summary>
    private static MessageFacts Describe(in LaserScan scan, ReadOnlyMemory<byte> payload)
    {
        int length = scan.Ranges.Length * sizeof(float), behind = sizeof(int) + (scan.Intensities.Length * sizeof(float));
        return new MessageFacts(
            scan.Header, ImageEncodings.F32C1, (uint)scan.Ranges.Length, 1, sizeof(float), payload.Slice(payload.Length - behind - length, length));
    }

    private static string? Check(WireMessage message)
    {
        LaserScan scan = RosMessage.Decode<LaserScan>(message.Payload);
        double expected = scan.AngleMin + (Math.Max(scan.Ranges.Length - 1, 0) * (double)scan.AngleIncrement);
        return !(scan.AngleIncrement > 0) || !(Math.Abs(expected - scan.AngleMax) < Math.Max(1e-3, scan.AngleIncrement / 2))
                ? $"{scan.Ranges.Length} ranges from {scan.AngleMin} by {scan.AngleIncrement} do not end at {scan.AngleMax}"
            : !(scan.RangeMin < scan.RangeMax) ? $"range_min {scan.RangeMin} is not below range_max {scan.RangeMax}"
            : scan.Intensities.Length > 0 && scan.Intensities.Length != scan.Ranges.Length
                ? $"{scan.Intensities.Length} intensities for {scan.Ranges.Length} ranges"
            : MessageChecks.Size((uint)scan.Ranges.Length, 1, message) ?? MessageChecks.Header(scan.Header, message)
                ?? MessageChecks.Data(Describe(scan, message.Payload).Data, message);
    }

    private sealed class Writer(ScanStreamOptions own) : PictureWriter(Streams.Scan, LaserScan.Schema, own.RateHz)
    {
        protected override bool Has(PerceptionFrame frame) => frame.Surroundings?.Scan is { Ranges.Length: > 0 };

        protected override string FrameIdOf(PerceptionFrame frame) => ScanFrame.Of(frame.FrameId);

        protected override WireMessage Encode(PerceptionFrame frame, MessageSlot slot, in Header header)
        {
            ObstacleScan scan = frame.Surroundings!.Scan!;
            ReadOnlySpan<float> ranges = scan.Ranges;
            slot.Writer.Begin();
            LaserScan.Write(
                slot.Writer,
                header,
                [scan.AngleMin, scan.AngleMin + ((ranges.Length - 1) * scan.AngleIncrement), scan.AngleIncrement, 0, 0, scan.RangeMinM, scan.RangeMaxM],
                ranges,
                []);

            int length = ranges.Length * sizeof(float);
            return slot.Describe(ImageEncodings.F32C1, ranges.Length, 1, sizeof(float), slot.Writer.Length - sizeof(int) - length, length);
        }
    }
}
