using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>An entry of <c>zones</c> of a pipeline file.</summary>
internal static class ZoneEntry
{
    private const double MostM = 1000;

    private static readonly string[] Shapes = ["box", "polygon", "sector"];

    /// <summary>Reads an entry, or null when its outline is none.</summary>
    public static ZoneOptions? Read(YamlSection section)
    {
        string name = section.RequireString("name");
        ZoneShape? shape = ReadShape(section);
        if (shape is null)
        {
            section.RefuseUnknownKeys();
            return null;
        }

        var zone = new ZoneOptions { Name = name, Shape = shape };
        double enter = section.OptionalDouble("enter_m", 0, 100) ?? zone.EnterM;
        zone = zone with
        {
            MinHeightM = section.OptionalDouble("min_height_m", -100, 100),
            MaxHeightM = section.OptionalDouble("max_height_m", -100, 100),
            EnterM = enter,
            LeaveM = section.OptionalDouble("leave_m", 0, 100) ?? enter + zone.LeaveM,
            Classes = section.Has("classes") ? [.. section.Strings("classes")] : [],
            MinPoints = section.OptionalInt("min_points", 1, 1_000_000) ?? zone.MinPoints,
            EnterAfter = Milliseconds(section, "enter_after_ms") ?? zone.EnterAfter,
            LeaveAfter = Milliseconds(section, "leave_after_ms") ?? zone.LeaveAfter,
            Timeout = Milliseconds(section, "timeout_ms", 1) ?? zone.Timeout,
            MaxHidden = section.OptionalDouble("max_hidden", 0, 1) ?? zone.MaxHidden,
        };
        foreach (string problem in zone.Problems())
        {
            section.Problem("name", problem);
        }

        section.RefuseUnknownKeys();
        return zone;
    }

    private static TimeSpan? Milliseconds(YamlSection section, string key, int least = 0) =>
        section.OptionalInt(key, least, 3_600_000) is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    private static ZoneShape? ReadShape(YamlSection section)
    {
        string[] given = [.. Shapes.Where(section.Has)];
        if (given.Length != 1)
        {
            string found = given.Length == 0 ? "none" : string.Join(" and ", given);
            section.Problem("name", $"expected exactly one of box, polygon and sector as the outline, found {found}");
            return null;
        }

        return given[0] switch
        {
            "box" => section.RequireSection("box") is { } box ? ReadBox(box) : null,
            "sector" => section.RequireSection("sector") is { } sector ? ReadSector(sector) : null,
            _ => section.Rows("polygon", 2) is { Length: > 0 } rows
                ? new PolygonZone([.. rows.Select(row => ((float)row[0], (float)row[1]))]) : null,
        };
    }

    private static PolygonZone? ReadBox(YamlSection section)
    {
        double[] x = section.Doubles("x_m", 2), y = section.Doubles("y_m", 2);
        section.RefuseUnknownKeys();
        if (x.Length != 2 || y.Length != 2)
        {
            return null;
        }

        foreach ((string key, double[] range) in new[] { ("x_m", x), ("y_m", y) })
        {
            if (!(range[0] < range[1] && Math.Abs(range[0]) <= MostM && Math.Abs(range[1]) <= MostM))
            {
                section.Problem(key, FormattableString.Invariant($"expected from and to in metres, rising, found {range[0]} and {range[1]}"));
                return null;
            }
        }

        return PolygonZone.Box((float)x[0], (float)x[1], (float)y[0], (float)y[1]);
    }

    private static SectorZone ReadSector(YamlSection section)
    {
        var sector = new SectorZone(
            (float)section.RequireDouble("from_deg", -360, 360), (float)section.RequireDouble("to_deg", -360, 720),
            (float)section.RequireDouble("range_m", 0, MostM));
        section.RefuseUnknownKeys();
        return sector;
    }
}
