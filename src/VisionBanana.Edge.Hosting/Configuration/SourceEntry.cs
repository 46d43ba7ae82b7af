using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Sources;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>camera.source</c> of a pipeline file: the address alone, or a section with <c>address</c> and options.</summary>
/// <param name="Address">A video, a picture, a folder of pictures, <c>/dev/videoN</c>, a URL, or <c>exec:</c> and a command.</param>
/// <param name="Options">How it is opened.</param>
/// <param name="Topic">Which pictures of a recording; null = those of its only camera.</param>
/// <param name="Require">A camera that is absent at the start is an error, not waited for.</param>
internal sealed record SourceEntry(string Address, CameraSourceOptions Options, string? Topic = null, bool Require = false)
{
    /// <summary><c>camera.rotate</c>: two words for none, then the others in the order of <see cref="PictureRotation"/>.</summary>
    private static readonly string[] Rotations = ["none", "0", "exif", "90", "180", "270"];
    private const int Unturned = 2;

    /// <summary>By how many quarter turns clockwise its pictures are turned, whatever they say themselves.</summary>
    public int QuarterTurns => TurnedSource.QuarterTurns(Options.Rotation);

    /// <summary>Reads the key <c>source</c> of the camera section; relative paths are relative to <paramref name="folder"/>.</summary>
    public static SourceEntry Read(YamlSection camera, string folder)
    {
        SourceEntry entry = ReadAddress(camera, folder);
        string? scale = camera.Has("scale") && !camera.IsScalar("scale") ? string.Join(',', camera.Doubles("scale", 2)) : camera.OptionalString("scale");
        SampleScale? chosen = null;
        if (scale is not null && !SampleScale.TryParse(scale, out chosen))
        {
            camera.Problem("scale", $"expected {SampleScale.Expected}, found '{scale}'");
        }

        int rotation = camera.OptionalOneOf("rotate", Rotations) ?? 0;
        return entry with
        {
            Options = entry.Options with { Scale = chosen, Rotation = rotation < Unturned ? PictureRotation.Sensor : (PictureRotation)(rotation - 1) },
        };
    }

    private static SourceEntry ReadAddress(YamlSection camera, string folder)
    {
        if (camera.IsScalar("source") || !camera.Has("source"))
        {
            return new SourceEntry(Resolve(camera.RequireString("source"), folder), new CameraSourceOptions());
        }

        if (camera.RequireSection("source") is not { } section)
        {
            return new SourceEntry("", new CameraSourceOptions());
        }

        var entry = new SourceEntry(Resolve(section.RequireString("address"), folder), new CameraSourceOptions
        {
            Pace = section.OptionalOneOf("pace", "source", "none") == 1 ? Pace.None : Pace.FrameRate,
            Loop = section.OptionalBool("loop") ?? false,
            FramesPerSecond = section.OptionalDouble("rate_hz", 0.01, 1000),
            Width = section.OptionalInt("width", 16, 16384),
            Height = section.OptionalInt("height", 16, 16384),
            RawFormat = ReadFormat(section),
            FourCc = section.OptionalString("fourcc"),
            OpenTimeout = Milliseconds(section.OptionalInt("open_timeout_ms", 1, 3_600_000)),
            StallTimeout = Milliseconds(section.OptionalInt("stall_timeout_ms", 1, 3_600_000)),
            FfmpegOptions = section.Strings("ffmpeg_options", required: false),
            RedirectHosts = section.Strings("redirect_hosts", required: false),
        }, section.OptionalString("topic"), section.OptionalBool("require") ?? false);
        section.RefuseUnknownKeys();
        return entry;
    }

    private static RawEncoding? ReadFormat(YamlSection section)
    {
        string? name = section.OptionalString("format");
        RawEncoding? format = name is null ? null : RawEncoding.Find(name);
        if (name is not null && format is null)
        {
            section.Problem("format", $"expected {string.Join(", ", RawEncoding.All.Select(e => e.Name))}; found '{name}'");
        }

        return format;
    }

    private static TimeSpan? Milliseconds(int? count) => count is { } given ? TimeSpan.FromMilliseconds(given) : null;

    private static string Resolve(string address, string folder) =>
        address.Length == 0 || address.StartsWith(ProgramKind.Scheme, StringComparison.OrdinalIgnoreCase) || address.Contains("://", StringComparison.Ordinal)
        || address.All(char.IsAsciiDigit)
            ? address
            : Path.Combine(folder, address);
}
