using System.Text.Json;
using System.Text.Json.Serialization;
using VisionBanana.Edge.Sources;

namespace VisionBanana.Edge.Cli.Setup;

/// <summary>What was picked on the setup page, read strictly.</summary>
internal sealed record SetupChoices
{
    private static readonly JsonSerializerOptions Strictly = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        MaxDepth = 8,
    };

    /// <summary>First part of the topics.</summary>
    public string Device { get; init; } = "robot";

    /// <summary>The camera's name: second part of the topics.</summary>
    public string Camera { get; init; } = "camera";

    /// <summary>Where pictures come from: a device, a file, a URL.</summary>
    public string Source { get; init; } = "";

    /// <summary>A calibration file; null = <see cref="HfovDeg"/>.</summary>
    public string? Calibration { get; init; }

    /// <summary>Horizontal field of view in degrees.</summary>
    public double? HfovDeg { get; init; }

    /// <summary>Where the camera sits; null = nobody said.</summary>
    public SetupMount? Mount { get; init; }

    /// <summary>What is asked.</summary>
    public IReadOnlyList<SetupInstruction> Instructions { get; init; } = [];

    /// <summary>Streams that are turned off.</summary>
    public IReadOnlyList<string> StreamsOff { get; init; } = [];

    /// <summary><c>embedded</c>, or the HOST:PORT of a broker; null = no MQTT.</summary>
    public string? Mqtt { get; init; }

    /// <summary>An endpoint such as <c>tcp://127.0.0.1:5556</c>; null = no ZeroMQ.</summary>
    public string? Zeromq { get; init; }

    /// <summary>Whether Foxglove is served.</summary>
    public bool Foxglove { get; init; }

    /// <summary>Reads them.</summary>
    /// <exception cref="MessageFormatException">The text is something else.</exception>
    public static SetupChoices Read(JsonElement json)
    {
        try
        {
            SetupChoices choices = json.Deserialize<SetupChoices>(Strictly)
                ?? throw new MessageFormatException("Expected what was picked on the page, found null.");

            // A page in a browser starts no programs.
            return choices.Source.TrimStart().StartsWith(ProgramKind.Scheme, StringComparison.OrdinalIgnoreCase)
                ? throw new MessageFormatException("A program as source (exec:) is written into the pipeline file by hand, not picked on a page.")
                : choices;
        }
        catch (JsonException e)
        {
            throw new MessageFormatException($"What was picked could not be understood: {e.Message}", e);
        }
    }
}

/// <summary>A camera above a level floor.</summary>
/// <param name="HeightM">Metres above the floor.</param>
/// <param name="PitchDeg">Degrees by which it looks down.</param>
/// <param name="RollDeg">Degrees about its line of sight, positive with its left side raised.</param>
internal sealed record SetupMount(double HeightM, double PitchDeg, double RollDeg);

/// <summary>An instruction and how often it is asked.</summary>
internal sealed record SetupInstruction(string Ask, int Every);
