using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Cli.Pipelines;

/// <summary><c>fleet</c> of a pipeline file: how <c>vbedge capture</c> hands pictures to workers. <c>vbedge run</c> leaves it out.</summary>
internal sealed record FleetEntry
{
    /// <summary>Whose workers answer.</summary>
    public string Group { get; init; } = "default";

    /// <summary>PNG instead of JPEG: percepts are those of a pipeline on the robot, bit for bit.</summary>
    public bool IsLossless { get; init; }

    /// <summary>JPEG quality, 1 to 100.</summary>
    public int JpegQuality { get; init; } = 90;

    /// <summary>A picture older than this when a worker's turn comes is not painted.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A broker throws a picture away that waited so long; MQTT counts whole seconds.</summary>
    public int ExpirySeconds { get; init; } = 2;

    /// <summary>Pictures that may wait for their answers at once; beyond it new ones are dropped.</summary>
    public int MaxUnanswered { get; init; } = 8;

    /// <summary>A larger picture is dropped.</summary>
    public int MaxPictureBytes { get; init; } = 4 << 20;

    /// <summary>Reads the section; left out = null.</summary>
    public static FleetEntry? Read(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        var entry = new FleetEntry();
        string group = section.OptionalString("group") ?? entry.Group;
        try
        {
            WireTopics.CheckName("group", group);
        }
        catch (ConfigurationException e)
        {
            section.Problem("group", e.Message);
        }

        entry = entry with
        {
            Group = group,
            IsLossless = section.OptionalOneOf("encoding", "jpeg", "png") == 1,
            JpegQuality = section.OptionalInt("jpeg_quality", 1, 100) ?? entry.JpegQuality,
            MaxAge = section.OptionalInt("max_age_ms", 10, 600_000) is { } age ? TimeSpan.FromMilliseconds(age) : entry.MaxAge,
            ExpirySeconds = section.OptionalInt("expiry_s", 1, 600) ?? entry.ExpirySeconds,
            MaxUnanswered = section.OptionalInt("max_unanswered", 1, 1000) ?? entry.MaxUnanswered,
            MaxPictureBytes = section.OptionalInt("max_picture_kb", 1, 65_536) is { } kb ? kb << 10 : entry.MaxPictureBytes,
        };
        section.RefuseUnknownKeys();
        return entry;
    }
}
