using VisionBanana.Edge.Autopilot;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>obstacle_distance</c> of a pipeline file.</summary>
/// <param name="Options">How obstacles are told.</param>
internal sealed record ObstacleDistanceEntry(ObstacleDistanceOptions Options) : IPerceptSinkEntry
{
    /// <summary>Reads the section.</summary>
    public static ObstacleDistanceEntry? Read(YamlSection? section, PipelineNames names)
    {
        if (section is null)
        {
            return null;
        }

        var options = new ObstacleDistanceOptions { Mount = names.Mount };
        options = options with
        {
            Address = section.OptionalString("address") ?? options.Address,
            RateHz = section.OptionalDouble("rate_hz", 0.1, 100) ?? options.RateHz,
            SystemId = section.OptionalInt("system_id", 1, 255) ?? options.SystemId,
            ComponentId = section.OptionalInt("component_id", 1, 255) ?? options.ComponentId,
            Timeout = section.OptionalInt("timeout_ms", 1, 60_000) is { } timeout ? TimeSpan.FromMilliseconds(timeout) : options.Timeout,
        };
        foreach (string problem in options.Problems())
        {
            section.Problem("address", problem);
        }

        section.RefuseUnknownKeys();
        return new ObstacleDistanceEntry(options);
    }

    /// <inheritdoc/>
    public IPerceptSink Create() => new ObstacleDistanceSink(Options);
}
