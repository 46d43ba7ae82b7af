using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Geometry;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>cloud</c> of a pipeline file.</summary>
internal static class CloudEntry
{
    /// <summary>Reads the section; left out = the defaults.</summary>
    public static CloudOptions Read(YamlSection? section)
    {
        var options = new CloudOptions();
        if (section is null)
        {
            return options;
        }

        options = options with
        {
            MinConfidence = (float)(section.OptionalDouble("min_confidence", 0, 1) ?? options.MinConfidence),
            MinDepthM = (float)(section.OptionalDouble("min_depth_m", 0, 1000) ?? options.MinDepthM),
            MaxDepthM = (float)(section.OptionalDouble("max_depth_m", 0, 1000) ?? options.MaxDepthM),
        };
        if (options.MinDepthM >= options.MaxDepthM)
        {
            section.Problem("max_depth_m", FormattableString.Invariant($"must be larger than min_depth_m ({options.MinDepthM})"));
        }

        section.RefuseUnknownKeys();
        return options;
    }
}
