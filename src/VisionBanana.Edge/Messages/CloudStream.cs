using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Messages;

/// <content>The cloud.</content>
public static partial class Streams
{
    /// <summary>
    /// sensor_msgs/PointCloud2, organised unless reduced to voxels or to valid points; point_cloud_interfaces/CompressedPointCloud2 when compressed.
    /// </summary>
    public const string Cloud = "cloud";
}

/// <content>The cloud.</content>
public sealed partial record StreamOptions
{
    /// <summary>The organised cloud, or null.</summary>
    public CloudStreamOptions? Cloud { get; init; } = new();
}

/// <summary>How the cloud is published.</summary>
public sealed record CloudStreamOptions : IPictureStreamOptions
{
    /// <summary>Every how many rows and columns a point is published; 2 = a quarter of the points. The rest comes after it.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>
    /// Edge of the cubes of space of which each gives one point (<see cref="VoxelGrid"/>), metres: the cloud is then a list
    /// (height 1) without invalid points. Null = off.
    /// </summary>
    public double? VoxelM { get; init; }

    /// <summary>
    /// False = points without a position are left out and the cloud is a list (height 1, dense), for consumers that refuse NaN. Voxels are a list anyway.
    /// </summary>
    public bool Organised { get; init; } = true;

    /// <summary>
    /// Coordinates are rounded to the largest power of two of a metre that is not larger, and confidence to 1/256, so that they compress:
    /// 0.001 = multiples of 1/1024 m, an error of 0.5 mm at most. Still float32. Null = exact. With <see cref="CloudFormat.Cloudini"/> it is the step itself;
    /// null = 0.001.
    /// </summary>
    public double? PrecisionM { get; init; }

    /// <summary>Plain or compressed.</summary>
    public CloudFormat Format { get; init; }

    /// <summary>The most clouds per second by capture time, or null for all.</summary>
    public double? RateHz { get; init; }
}

internal sealed class CloudStream() : PictureStream<CloudStreamOptions>(Streams.Cloud, CloudCheck.Plain, CloudCheck.Compressed)
{
    private const double MinPrecisionM = 1e-6, MaxPrecisionM = 1;

    /// <summary>In the order of <see cref="CloudFormat"/>.</summary>
    private static readonly string[] Formats = ["float", "zstd", "cloudini"];

    protected override CloudStreamOptions? Of(StreamOptions options) => options.Cloud;

    protected override StreamOptions With(StreamOptions options, CloudStreamOptions? own) => options with { Cloud = own };

    protected override CloudStreamOptions Read(YamlSection section, double? rateHz)
    {
        var own = new CloudStreamOptions { RateHz = rateHz };
        return own with
        {
            Stride = section.OptionalInt("stride", 1, 64) ?? own.Stride,
            VoxelM = section.OptionalDouble("voxel_m", VoxelGrid.MinSizeM, 100),
            Organised = section.OptionalBool("organised") ?? own.Organised,
            PrecisionM = section.OptionalDouble("precision_m", MinPrecisionM, MaxPrecisionM),
            Format = section.OptionalOneOf("format", Formats) is { } format ? (CloudFormat)format : own.Format,
        };
    }

    protected override IEnumerable<string> Problems(CloudStreamOptions own)
    {
        if (own.Stride < 1)
        {
            yield return $"The stride of the cloud is 1 (every point) or more, found {own.Stride}.";
        }

        if (own.VoxelM is { } voxel && !(voxel >= VoxelGrid.MinSizeM && double.IsFinite(voxel)))
        {
            yield return FormattableString.Invariant($"The edge of a voxel is {VoxelGrid.MinSizeM} m or more, found {voxel}.");
        }

        if (own.PrecisionM is { } precision && !(precision is >= MinPrecisionM and <= MaxPrecisionM))
        {
            yield return FormattableString.Invariant($"The precision of the cloud is 0.000001 to 1 m, found {precision}.");
        }
    }

    protected override PictureWriter CreateWriter(CloudStreamOptions own, IImageEncoder images) => new CloudWriter(own);
}
