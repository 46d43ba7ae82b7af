using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>scale</c> of a pipeline file: how the scale of the depth is estimated. Without anchors it is steadied alone.</summary>
internal sealed record ScaleEntry
{
    /// <summary>Everything but the anchors.</summary>
    public required ScaleOptions Options { get; init; }

    /// <summary>What it is held against.</summary>
    public IReadOnlyList<AnchorEntry> Anchors { get; init; } = [];

    /// <summary>False: the factor of <c>vbedge scale</c> beside the calibration is left alone.</summary>
    public bool UsesCameraFile { get; init; } = true;

    /// <summary>Reads the section; null = it is left out.</summary>
    public static ScaleEntry? Read(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        var options = new ScaleOptions();
        var entry = new ScaleEntry
        {
            Options = options with
            {
                PainterStd = section.OptionalDouble("painter_std", 0.01, 3) ?? options.PainterStd,
                SteadyTimeS = section.OptionalDouble("steady_time_s", 0, 3600) ?? options.SteadyTimeS,
                DriftPerRootS = section.OptionalDouble("drift_per_root_s", 0, 1) ?? options.DriftPerRootS,
                MinScaleConfidence = section.OptionalDouble("min_scale_confidence", 0, 0.999) ?? options.MinScaleConfidence,
                MaxFactor = section.OptionalDouble("max_factor", 1.01, 100) ?? options.MaxFactor,
                SmoothStatic = section.OptionalBool("smooth_static") ?? options.SmoothStatic,
            },
            UsesCameraFile = section.OptionalBool("camera_file") ?? true,
            Anchors = [.. section.Sections("anchors", required: false).Select(AnchorKind.ReadAny).OfType<AnchorEntry>()],
        };
        if (entry.Anchors.Count(a => a.Kind == "fixed") > 1)
        {
            section.Problem("anchors", "two fixed factors contradict each other: keep one");
        }

        section.RefuseUnknownKeys();
        return entry;
    }
}
