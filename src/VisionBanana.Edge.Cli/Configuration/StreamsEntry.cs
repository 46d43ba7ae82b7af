using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Cli.Configuration;

/// <summary><c>streams</c> of a pipeline file: <c>false</c> turns a stream off, a section sets its options.</summary>
internal static class StreamsEntry
{
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
            Painting = section.OptionalBool(Streams.Painting) ?? true,
            Labels = section.OptionalBool(Streams.Labels) ?? true,
            Normals = section.OptionalBool(Streams.Normals) ?? true,
            Instances = section.OptionalBool(Streams.Instances) ?? true,
            Mask = section.OptionalBool(Streams.Mask) ?? true,
        };
        section.RefuseUnknownKeys();
        return options;
    }

    private static bool IsOff(YamlSection section, string stream) => section.IsScalar(stream) && section.OptionalBool(stream) == false;

    private static YamlSection? Options(YamlSection section, string stream) => section.IsScalar(stream) ? null : section.OptionalSection(stream);

    private static ColorStreamOptions Color(YamlSection section)
    {
        var options = new ColorStreamOptions();
        if (Options(section, Streams.Color) is not { } color)
        {
            return options;
        }

        options = options with { JpegQuality = color.OptionalInt("jpeg_quality", 1, 100) ?? options.JpegQuality };
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

        options = options with { Encoding = depth.OptionalOneOf("encoding", "16UC1", "32FC1") == 1 ? DepthEncoding.Metres : DepthEncoding.Millimetres };
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

        options = options with { Stride = cloud.OptionalInt("stride", 1, 64) ?? options.Stride };
        cloud.RefuseUnknownKeys();
        return options;
    }
}
