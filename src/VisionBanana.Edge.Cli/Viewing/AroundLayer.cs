using System.Numerics;
using System.Text.Json;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>
/// What is told to a robot that moves, as JSON: <c>scan</c> (a line of points in the optical frame, null where nothing stands or nothing is known),
/// <c>objects</c> with their boxes, the states of <c>zones</c>, and <c>mount</c> where a live one says where the camera was.
/// </summary>
internal sealed class AroundLayer() : LayerKind("around", "around")
{
    public override bool IsIn(PerceptionFrame frame) => frame.Surroundings is not null;

    public override void Encode(PerceptionFrame frame, IImageEncoder images, ViewLayer layer)
    {
        Surroundings around = frame.Surroundings!;
        using var json = new Utf8JsonWriter(layer);
        json.WriteStartObject();
        json.WriteStartArray("scan");
        if (around.Scan is { } scan)
        {
            Write(json, scan);
        }

        json.WriteEndArray();
        json.WriteBoolean("has_objects", around.HasObjects);
        json.WriteStartArray("objects");
        foreach (ref readonly DetectedObject found in around.Objects)
        {
            json.WriteStartObject();
            json.WriteNumber("id", found.Id);
            json.WriteString("class", found.Class);
            Write(json, "rectangle", [found.Left, found.Top, found.Width, found.Height]);
            Write(json, "centre", found.Box.Centre);
            Write(json, "size", found.Box.Size);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("zones");
        foreach (ref readonly ZoneStatus zone in around.Zones)
        {
            json.WriteStartObject();
            json.WriteString("name", zone.Name);
            json.WriteString("state", zone.State.ToString().ToLowerInvariant());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (frame.Mount is { } live)
        {
            MountAxes.Of(live).Write(json, "mount");
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ObstacleScan scan)
    {
        (double fx, double fy, double fz) = scan.InOptical.Rotate(1, 0, 0);
        (double lx, double ly, double lz) = scan.InOptical.Rotate(0, 1, 0);
        for (int i = 0; i < scan.Ranges.Length; i++)
        {
            float range = scan.Ranges[i];
            if (!float.IsFinite(range))
            {
                json.WriteNullValue();
                continue;
            }

            (double left, double forward) = Math.SinCos(scan.AngleMin + (i * (double)scan.AngleIncrement));
            json.WriteStartArray();
            json.WriteNumberValue(Round(range * ((forward * fx) + (left * lx))));
            json.WriteNumberValue(Round(range * ((forward * fy) + (left * ly))));
            json.WriteNumberValue(Round(range * ((forward * fz) + (left * lz))));
            json.WriteEndArray();
        }
    }

    private static void Write(Utf8JsonWriter json, string name, Vector3 at) => Write(json, name, [at.X, at.Y, at.Z]);

    private static void Write(Utf8JsonWriter json, string name, ReadOnlySpan<float> values)
    {
        json.WriteStartArray(name);
        foreach (float value in values)
        {
            json.WriteNumberValue(Round(value));
        }

        json.WriteEndArray();
    }

    private static double Round(double value) => Math.Round(value, 3);
}
