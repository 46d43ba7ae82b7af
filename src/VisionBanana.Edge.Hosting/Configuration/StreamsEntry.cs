using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>streams</c> of a pipeline file: <c>false</c> turns a stream off, a section sets its options.</summary>
internal static class StreamsEntry
{
    /// <summary>In the order of <see cref="DepthEncoding"/>.</summary>
    private static readonly string[] DepthEncodings = ["16UC1", "32FC1", "compressed_png", "rvl", "zstd"];

    /// <summary>In the order of <see cref="CloudFormat"/>.</summary>
    private static readonly string[] CloudFormats = ["float", "zstd", "cloudini"];

    /// <summary>Reads the section; left out = everything that is painted is published.</summary>
    public static StreamOptions Read(YamlSection? section)
    {
        var options = new StreamOptions();
        if (section is null)
        {
            return options;
        }

        options = options with
        {
            Color = IsOff(section, Streams.Color) ? null : Color(section),
            Depth = IsOff(section, Streams.Depth) ? null : Depth(section),
            Cloud = IsOff(section, Streams.Cloud) ? null : Cloud(section),
            Painting = Plane(section, Streams.Painting),
            Labels = Plane(section, Streams.Labels),
            Normals = Plane(section, Streams.Normals),
            Instances = Plane(section, Streams.Instances),
            Mask = Plane(section, Streams.Mask),
        };
        section.RefuseUnknownKeys();
        return options;
    }

    private static PlaneStreamOptions? Plane(YamlSection section, string stream)
    {
        if (IsOff(section, stream))
        {
            return null;
        }

        YamlSection? plane = Options(section, stream);
        double? rate = plane is null ? null : Rate(plane);
        plane?.RefuseUnknownKeys();
        return new PlaneStreamOptions { RateHz = rate };
    }

    private static double? Rate(YamlSection stream) => stream.OptionalDouble("rate_hz", 0.001, 1000);

    private static bool IsOff(YamlSection section, string stream) => section.IsScalar(stream) && section.OptionalBool(stream) == false;

    private static YamlSection? Options(YamlSection section, string stream) => section.IsScalar(stream) ? null : section.OptionalSection(stream);

    private static ColorStreamOptions Color(YamlSection section)
    {
        var options = new ColorStreamOptions();
        if (Options(section, Streams.Color) is not { } color)
        {
            return options;
        }

        options = options with { JpegQuality = color.OptionalInt("jpeg_quality", 1, 100) ?? options.JpegQuality, RateHz = Rate(color) };
        color.RefuseUnknownKeys();
        return options;
    }

    private static DepthStreamOptions Depth(YamlSection section)
    {
        var options = new DepthStreamOptions();
        if (Options(section, Streams.Depth) is not { } depth)
        {
            return options;
        }

        options = options with
        {
            Encoding = depth.OptionalOneOf("encoding", DepthEncodings) is { } encoding ? (DepthEncoding)encoding : options.Encoding,
            RateHz = Rate(depth),
        };
        depth.RefuseUnknownKeys();
        return options;
    }

    private static CloudStreamOptions Cloud(YamlSection section)
    {
        var options = new CloudStreamOptions();
        if (Options(section, Streams.Cloud) is not { } cloud)
        {
            return options;
        }

        options = options with
        {
            Stride = cloud.OptionalInt("stride", 1, 64) ?? options.Stride,
            VoxelM = cloud.OptionalDouble("voxel_m", 0.001, 100),
            PrecisionM = cloud.OptionalDouble("precision_m", 0.000001, 1),
            Format = cloud.OptionalOneOf("format", CloudFormats) is { } format ? (CloudFormat)format : options.Format,
            RateHz = Rate(cloud),
        };
        cloud.RefuseUnknownKeys();
        return options;
    }
}
