using System.Buffers;
using System.Text.Json;

namespace VisionBanana.Edge.Cli.Foxglove;

/// <summary>The objects of a picture as Foxglove and Lichtblick draw them in 3D: the JSON of <c>objects</c> as a <c>foxglove.SceneUpdate</c>.</summary>
internal static class ObjectScene
{
    /// <summary>The type that viewers know.</summary>
    public const string SchemaName = "foxglove.SceneUpdate";

    /// <summary>How the type is described.</summary>
    public const string SchemaEncoding = "jsonschema";

    /// <summary>The parts of the type that are used here, as a JSON schema.</summary>
    public const string Schema = """
        {"title": "foxglove.SceneUpdate", "type": "object", "$defs": {
          "time": {"type": "object", "properties": {"sec": {"type": "integer", "minimum": 0}, "nsec": {"type": "integer", "minimum": 0}}},
          "vector": {"type": "object", "properties": {"x": {"type": "number"}, "y": {"type": "number"}, "z": {"type": "number"}}},
          "color": {"type": "object", "properties": {
            "r": {"type": "number"}, "g": {"type": "number"}, "b": {"type": "number"}, "a": {"type": "number"}}},
          "pose": {"type": "object", "properties": {"position": {"$ref": "#/$defs/vector"}, "orientation": {"type": "object", "properties": {
            "x": {"type": "number"}, "y": {"type": "number"}, "z": {"type": "number"}, "w": {"type": "number"}}}}}},
         "properties": {
          "deletions": {"type": "array", "items": {"type": "object", "properties": {
            "timestamp": {"$ref": "#/$defs/time"}, "type": {"type": "integer"}, "id": {"type": "string"}}}},
          "entities": {"type": "array", "items": {"type": "object", "properties": {
            "timestamp": {"$ref": "#/$defs/time"}, "frame_id": {"type": "string"}, "id": {"type": "string"},
            "lifetime": {"$ref": "#/$defs/time"}, "frame_locked": {"type": "boolean"},
            "metadata": {"type": "array", "items": {"type": "object", "properties": {"key": {"type": "string"}, "value": {"type": "string"}}}},
            "arrows": {"type": "array", "items": {"type": "object"}},
            "cubes": {"type": "array", "items": {"type": "object", "properties": {
              "pose": {"$ref": "#/$defs/pose"}, "size": {"$ref": "#/$defs/vector"}, "color": {"$ref": "#/$defs/color"}}}},
            "spheres": {"type": "array", "items": {"type": "object"}}, "cylinders": {"type": "array", "items": {"type": "object"}},
            "lines": {"type": "array", "items": {"type": "object"}}, "triangles": {"type": "array", "items": {"type": "object"}},
            "texts": {"type": "array", "items": {"type": "object", "properties": {
              "pose": {"$ref": "#/$defs/pose"}, "billboard": {"type": "boolean"}, "font_size": {"type": "number"}, "scale_invariant": {"type": "boolean"},
              "color": {"$ref": "#/$defs/color"}, "text": {"type": "string"}}}},
            "models": {"type": "array", "items": {"type": "object"}}}}}}}
        """;

    /// <summary>An object that is not told again is gone after so long.</summary>
    private const int LifetimeS = 1;

    private static readonly string[] Unused = ["metadata", "arrows", "spheres", "cylinders", "lines", "triangles", "models"];

    /// <summary>The scene of a message of <c>objects</c>.</summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> objects)
    {
        using var document = JsonDocument.Parse(objects);
        JsonElement root = document.RootElement;
        var bytes = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WriteStartArray("deletions");
        json.WriteEndArray();
        json.WriteStartArray("entities");
        foreach (JsonElement found in root.GetProperty("objects").EnumerateArray())
        {
            Write(json, found, root.GetProperty("captured_ns").GetInt64(), root.GetProperty("frame_id").GetString()!);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, JsonElement found, long ns, string frameId)
    {
        int id = found.GetProperty("id").GetInt32();
        double[] centre = Numbers(found.GetProperty("box").GetProperty("centre_m")), size = Numbers(found.GetProperty("box").GetProperty("size_m"));
        json.WriteStartObject();
        Time(json, "timestamp", ns / 1_000_000_000, ns % 1_000_000_000);
        json.WriteString("frame_id", frameId);
        json.WriteString("id", FormattableString.Invariant($"object {id}"));
        Time(json, "lifetime", LifetimeS, 0);
        json.WriteBoolean("frame_locked", true);
        foreach (string name in Unused)
        {
            json.WriteStartArray(name);
            json.WriteEndArray();
        }

        json.WriteStartArray("cubes");
        json.WriteStartObject();
        Pose(json, centre);
        Vector(json, "size", size);
        Colour(json, id, 0.35);
        json.WriteEndObject();
        json.WriteEndArray();

        json.WriteStartArray("texts");
        json.WriteStartObject();

        // In the optical frame y points down: above the box.
        Pose(json, [centre[0], centre[1] - (size[1] / 2) - 0.1, centre[2]]);
        json.WriteBoolean("billboard", true);
        json.WriteNumber("font_size", 14);
        json.WriteBoolean("scale_invariant", true);
        Colour(json, id, 1);
        string type = found.GetProperty("class").GetString()!;
        json.WriteString("text", FormattableString.Invariant($"{type} {id}, {found.GetProperty("depth_m").GetDouble():0.0} m"));
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(n => n.GetDouble())];

    private static void Time(Utf8JsonWriter json, string name, long seconds, long ns)
    {
        json.WriteStartObject(name);
        json.WriteNumber("sec", seconds);
        json.WriteNumber("nsec", ns);
        json.WriteEndObject();
    }

    private static void Pose(Utf8JsonWriter json, double[] at)
    {
        json.WriteStartObject("pose");
        Vector(json, "position", at);
        json.WriteStartObject("orientation");
        foreach (string axis in (ReadOnlySpan<string>)["x", "y", "z"])
        {
            json.WriteNumber(axis, 0);
        }

        json.WriteNumber("w", 1);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Vector(Utf8JsonWriter json, string name, double[] at)
    {
        json.WriteStartObject(name);
        json.WriteNumber("x", at[0]);
        json.WriteNumber("y", at[1]);
        json.WriteNumber("z", at[2]);
        json.WriteEndObject();
    }

    /// <summary>A colour of its own for every id, the same as long as the id lasts.</summary>
    private static void Colour(Utf8JsonWriter json, int id, double alpha)
    {
        double turn = id * 137 % 360 / 60.0;
        double Part(double at) => Math.Clamp(Math.Abs(((turn + at) % 6) - 3) - 1, 0, 1);
        json.WriteStartObject("color");
        json.WriteNumber("r", Part(0));
        json.WriteNumber("g", Part(4));
        json.WriteNumber("b", Part(2));
        json.WriteNumber("a", alpha);
        json.WriteEndObject();
    }
}
