using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Messages;

/// <content>Metric depth.</content>
public static partial class Streams
{
    /// <summary>sensor_msgs/Image, 16UC1 (mm) or 32FC1 (m); sensor_msgs/CompressedImage when compressed.</summary>
    public const string Depth = "depth";
}

/// <content>Metric depth.</content>
public sealed partial record StreamOptions
{
    /// <summary>Metric depth, or null.</summary>
    public DepthStreamOptions? Depth { get; init; } = new();
}

/// <summary>How depth is published.</summary>
public sealed record DepthStreamOptions : IPictureStreamOptions
{
    /// <summary>Millimetres in 16 bits, plain or compressed, or metres in 32.</summary>
    public DepthEncoding Encoding { get; init; } = DepthEncoding.Millimetres;

    /// <summary>The most pictures per second by capture time, or null for all.</summary>
    public double? RateHz { get; init; }
}

internal sealed class DepthStream() : PictureStream<DepthStreamOptions>(Streams.Depth, ImageCheck.Schema, CompressedImageCheck.Schema)
{
    /// <summary>In the order of <see cref="DepthEncoding"/>.</summary>
    private static readonly string[] Encodings = ["16UC1", "32FC1", "compressed_png", "rvl", "zstd"];

    protected override DepthStreamOptions? Of(StreamOptions options) => options.Depth;

    protected override StreamOptions With(StreamOptions options, DepthStreamOptions? own) => options with { Depth = own };

    protected override DepthStreamOptions Read(YamlSection section, double? rateHz)
    {
        var own = new DepthStreamOptions { RateHz = rateHz };
        return section.OptionalOneOf("encoding", Encodings) is { } encoding ? own with { Encoding = (DepthEncoding)encoding } : own;
    }

    protected override bool NeedsEncoder(DepthStreamOptions own) => own.Encoding == DepthEncoding.CompressedPng;

    protected override PictureWriter CreateWriter(DepthStreamOptions own, IImageEncoder images) => new DepthWriter(own, images);
}
