using System.Globalization;
using System.Text.Json;
using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>A zone as an entry of <c>zones</c> of a pipeline file says it, on one line: what <see cref="ZoneEntry"/> reads.</summary>
internal static class ZoneText
{
    /// <summary>The entry, without the dash.</summary>
    public static string Of(ZoneOptions zone)
    {
        var usual = new ZoneOptions { Name = "", Shape = zone.Shape };
        List<string> keys = [$"name: {Quoted(zone.Name)}", Of(zone.Shape)];
        Add("min_height_m", zone.MinHeightM, null);
        Add("max_height_m", zone.MaxHeightM, null);
        Add("enter_m", zone.EnterM, usual.EnterM);
        Add("leave_m", zone.LeaveM, zone.EnterM + usual.LeaveM);
        if (!zone.Classes.IsEmpty)
        {
            keys.Add($"classes: [{string.Join(", ", zone.Classes.Select(Quoted))}]");
        }

        Add("min_points", zone.MinPoints, usual.MinPoints);
        Add("enter_after_ms", zone.EnterAfter.TotalMilliseconds, usual.EnterAfter.TotalMilliseconds);
        Add("leave_after_ms", zone.LeaveAfter.TotalMilliseconds, usual.LeaveAfter.TotalMilliseconds);
        Add("timeout_ms", zone.Timeout.TotalMilliseconds, usual.Timeout.TotalMilliseconds);
        Add("max_hidden", zone.MaxHidden, usual.MaxHidden);
        return $"{{{string.Join(", ", keys)}}}";

        void Add(string key, double? value, double? left)
        {
            if (value is { } number && value != left)
            {
                keys.Add($"{key}: {Number(number)}");
            }
        }
    }

    private static string Of(ZoneShape shape) => shape switch
    {
        SectorZone sector => $"sector: {{from_deg: {Number(sector.FromDegrees)}, to_deg: {Number(sector.ToDegrees)}, range_m: {Number(sector.RangeM)}}}",
        PolygonZone { Corners: [var low, _, var high, _] } box when low.X < high.X && low.Y < high.Y
            && box.Equals(PolygonZone.Box(low.X, high.X, low.Y, high.Y)) =>
            $"box: {{x_m: [{Number(low.X)}, {Number(high.X)}], y_m: [{Number(low.Y)}, {Number(high.Y)}]}}",
        PolygonZone polygon => $"polygon: [{string.Join(", ", polygon.Corners.Select(c => $"[{Number(c.X)}, {Number(c.Y)}]"))}]",
        _ => throw new ArgumentException($"A {shape.GetType().Name} has no text.", nameof(shape)),
    };

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>A text of JSON is one of YAML, whatever stands in it.</summary>
    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
