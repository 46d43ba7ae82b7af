using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>The sections of a pipeline file for robots that move: <c>obstacles</c>, <c>zones</c>, <c>detections</c>.</summary>
internal static class NavigationEntry
{
    private static readonly string[] Asking = ["obstacles", "zones", "detections", "obstacle_distance"];
    private static readonly string[] Floors = [.. Enum.GetNames<FloorSource>().Select(n => n.ToLowerInvariant())];

    /// <summary>Reads them; without any nothing is asked.</summary>
    /// <param name="at">Where a section stands by its key: at the root of the file, or at one of its cameras.</param>
    /// <param name="mount">Where the camera sits, or null.</param>
    public static NavigationOptions? Read(Func<string, YamlSection> at, CameraMount? mount)
    {
        // What is made of obstacles asks for them.
        string[] asked = [.. Asking.Where(key => at(key).Has(key))];
        if (asked.Length == 0)
        {
            return null;
        }

        var options = new NavigationOptions
        {
            Mount = mount,
            Obstacles = ReadObstacles(at("obstacles").OptionalSection("obstacles")),
            Zones = [.. at("zones").Sections("zones", required: false).Select(ZoneEntry.Read).OfType<ZoneOptions>()],
            Detections = at("detections").Has("detections") ? ReadDetections(at("detections").OptionalSection("detections")) : null,
        };
        foreach (string problem in options.Problems().Except(options.Zones.SelectMany(z => z.Problems())))
        {
            at(asked[0]).Problem(asked[0], problem);
        }

        return options;
    }

    private static DetectionOptions ReadDetections(YamlSection? section)
    {
        var options = new DetectionOptions();
        if (section is null)
        {
            return options;
        }

        options = options with
        {
            MinPixels = section.OptionalInt("min_pixels", 1, 1_000_000) ?? options.MinPixels,
            MinConfidence = section.OptionalDouble("min_confidence", 0, 1) ?? options.MinConfidence,
            BirthCount = section.OptionalInt("birth", 1, 100) ?? options.BirthCount,
            Reappear = section.OptionalInt("reappear_ms", 0, 600_000) is { } ms ? TimeSpan.FromMilliseconds(ms) : options.Reappear,
            Acceleration = section.OptionalDouble("acceleration", 0.01, 100) ?? options.Acceleration,
        };
        section.RefuseUnknownKeys();
        return options;
    }

    private static ObstacleOptions ReadObstacles(YamlSection? section)
    {
        var options = new ObstacleOptions();
        if (section is null)
        {
            return options;
        }

        double[] rows = section.Doubles("rows", 2, required: false);
        options = options with
        {
            Floor = (FloorSource)(section.OptionalOneOf("floor", Floors) ?? (int)options.Floor),
            MinHeightM = section.OptionalDouble("min_height_m", -100, 100) ?? options.MinHeightM,
            MaxHeightM = section.OptionalDouble("max_height_m", -100, 100) ?? options.MaxHeightM,
            TopRow = rows.Length == 2 ? rows[0] : options.TopRow,
            BottomRow = rows.Length == 2 ? rows[1] : options.BottomRow,
            MinRangeM = section.OptionalDouble("min_range_m", 0, 1000) ?? options.MinRangeM,
            MaxRangeM = section.OptionalDouble("max_range_m", 0, 1000) ?? options.MaxRangeM,
            IncrementDegrees = section.OptionalDouble("increment_deg", 0.05, 30) ?? options.IncrementDegrees,
            MinConfidence = section.OptionalDouble("min_confidence", 0, 1) ?? options.MinConfidence,
            MinPoints = section.OptionalInt("min_points", 1, 16) ?? options.MinPoints,
            Ignore = section.Has("ignore") ? [.. section.Strings("ignore")] : options.Ignore,
            MaxDropM = section.OptionalDouble("max_drop_m", 0.001, 100),
        };
        section.RefuseUnknownKeys();
        return options;
    }
}
