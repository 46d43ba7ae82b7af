using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Scale;
using VisionBanana.Edge.Sensors;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>A kind of anchor in a pipeline file. A new kind is an anchor of the core and one line of <see cref="All"/>.</summary>
/// <param name="Name">Value of <c>kind</c>.</param>
/// <param name="Read">Reads its keys; null after a problem.</param>
internal sealed record AnchorKind(string Name, Func<YamlSection, AnchorEntry?> Read)
{
    public static readonly IReadOnlyList<AnchorKind> All =
    [
        new("plane", ReadPlane),
        new("range", ReadRange),
        new("object", ReadObject),
        new("sparse", ReadSparse),
        new("fixed", ReadFixed),
    ];

    /// <summary>Reads one of <c>scale.anchors</c>.</summary>
    public static AnchorEntry? ReadAny(YamlSection section)
    {
        string[] names = [.. All.Select(k => k.Name)];
        int index = section.RequireOneOf("kind", names);
        AnchorEntry? entry = All[index].Read(section);
        section.RefuseUnknownKeys();
        return entry;
    }

    private static double Std(YamlSection section, double otherwise) => section.OptionalDouble("std", 0.001, 3) ?? otherwise;

    private static TimeSpan MaxAge(YamlSection section) => TimeSpan.FromMilliseconds(section.OptionalInt("max_age_ms", 1, 60_000) ?? 200);

    private static AnchorEntry ReadPlane(YamlSection section)
    {
        double std = Std(section, 0.03);
        IReadOnlyList<string>? classes = section.Has("classes") ? section.Strings("classes") : null;
        return new AnchorEntry("plane", _ => (new PlaneAnchor(std, classes), null, null));
    }

    private static AnchorEntry? ReadRange(YamlSection section)
    {
        SensorEntry? sensor = SensorEntry.Read(section, mayBeMavlink: true);
        double[] direction = section.Doubles("direction", 3, required: false), position = section.Doubles("position_m", 3, required: false);
        var beam = new BeamOptions
        {
            Direction = direction.Length == 3 ? (direction[0], direction[1], direction[2]) : (0, 0, 1),
            PositionM = position.Length == 3 && position.All(double.IsFinite) ? (position[0], position[1], position[2]) : default,
            FieldOfViewDegrees = section.OptionalDouble("field_of_view_deg", 0, 90) ?? 2,
            IsFirstReturn = section.OptionalBool("first_return") ?? false,
            Std = Std(section, 0.03),
            StdM = section.OptionalDouble("std_m", 0, 10) ?? 0.01,
            MaxAge = MaxAge(section),
        };
        if (!(beam.Direction.Z > 0 && double.IsFinite(beam.Direction.X + beam.Direction.Y + beam.Direction.Z)))
        {
            section.Problem(
                "direction", "expected a direction in front of the camera (x right, y down, z forward, z above 0); a range finder that looks down is "
                    + "{kind: height} of camera.live_mount");
        }

        double least = section.OptionalDouble("min_m", 0.001, 1000) ?? 0.01, most = section.OptionalDouble("max_m", 0.001, 10_000) ?? 1000;
        var frozen = TimeSpan.FromSeconds(section.OptionalDouble("frozen_after_s", 0, 3600) ?? 2);
        if (most <= least)
        {
            section.Problem("max_m", FormattableString.Invariant($"must be larger than min_m ({least})"));
        }

        return sensor is null ? null : new AnchorEntry("range", clock =>
        {
            var feed = new RangeFeed(least, most, frozen, clock);
            return (new RangeAnchor(feed, beam), new RangeInput(feed), feed);
        })
        { Sensor = sensor };
    }

    private static AnchorEntry ReadObject(YamlSection section)
    {
        string name = section.RequireString("class");
        double height = section.RequireDouble("height_m", 0.02, 999), std = Std(section, 0.1);
        return new AnchorEntry("object", _ => (new ObjectAnchor(name, height, std), null, null));
    }

    private static AnchorEntry? ReadSparse(YamlSection section)
    {
        SensorEntry? sensor = SensorEntry.Read(section, mayBeMavlink: false);
        double std = Std(section, 0.03);
        TimeSpan age = MaxAge(section);
        string? frame = section.OptionalString("frame_id");
        return sensor is null ? null : new AnchorEntry("sparse", clock =>
        {
            var feed = new PointsFeed(clock);
            return (new SparseAnchor(feed, std, age), new PointsInput(feed, frame), null);
        })
        { Sensor = sensor };
    }

    private static AnchorEntry ReadFixed(YamlSection section)
    {
        double factor = section.RequireDouble("factor", 0.01, 100), std = Std(section, 0.05);
        return new AnchorEntry("fixed", _ => (new FixedAnchor(factor, std), null, null));
    }
}
