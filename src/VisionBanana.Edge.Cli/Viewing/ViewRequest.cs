using System.Text;
using System.Text.Json;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>
/// What a page asks, read strictly: <c>{"type":"want","layers":["color","depth"]}</c>, <c>{"type":"shown","seq":7}</c>, and with an
/// <c>id</c> that the answer repeats: <c>{"type":"instructions","instructions":[{"ask":"depth","every":1}]}</c>,
/// <c>{"type":"pause","on":true}</c>, <c>{"type":"record","on":true}</c>, <c>{"type":"snapshot"}</c>,
/// <c>{"type":"measure","known_m":2.0,"x":0.5,"y":0.5}</c>,
/// <c>{"type":"zones","zones":[{"name":"stop","corners":[[0.2,-0.4],[1,-0.4],[1,0.4],[0.2,0.4]]}]}</c>.
/// </summary>
internal sealed record ViewRequest(string Type, int? Id)
{
    private const int MostZones = 64, MostCorners = 64;

    private static readonly JsonDocumentOptions Strictly = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Layers as bits by their index in <see cref="LayerKinds"/>, of <c>want</c>.</summary>
    public long Layers { get; private init; }

    /// <summary>The picture, of <c>shown</c>.</summary>
    public long Sequence { get; private init; }

    /// <summary>Of <c>pause</c> and <c>record</c>.</summary>
    public bool On { get; private init; }

    /// <summary>The known distance, of <c>measure</c>.</summary>
    public double KnownM { get; private init; }

    /// <summary>Where it is, as a share of the width, of <c>measure</c>.</summary>
    public double X { get; private init; }

    /// <summary>As a share of the height, of <c>measure</c>.</summary>
    public double Y { get; private init; }

    /// <summary>Of <c>zones</c>.</summary>
    public IReadOnlyList<DrawnZone> Zones { get; private init; } = [];

    /// <summary>Of <c>instructions</c>.</summary>
    public SetInstructionsCommand? Instructions { get; private init; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="MessageFormatException">It is none; the message says what was expected.</exception>
    public static ViewRequest Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Strictly);
            JsonElement root = document.RootElement;
            var request = new ViewRequest(
                root.GetProperty("type").GetString() ?? "", root.TryGetProperty("id", out JsonElement id) ? id.GetInt32() : null);
            return request.Type switch
            {
                "want" => request with { Layers = LayersOf(root.GetProperty("layers")) },
                "shown" => request with { Sequence = root.GetProperty("seq").GetInt64() },
                "pause" or "record" => request with { On = root.GetProperty("on").GetBoolean() },
                "snapshot" => request,
                "measure" => request with
                {
                    KnownM = root.GetProperty("known_m").GetDouble(),
                    X = root.GetProperty("x").GetDouble(),
                    Y = root.GetProperty("y").GetDouble(),
                },
                "zones" => request with { Zones = ZonesOf(root.GetProperty("zones")) },
                "instructions" => request with
                {
                    Instructions = CommandPayload.ReadInstructions(Encoding.UTF8.GetBytes(root.GetProperty("instructions").GetRawText())),
                },
                var type => throw new MessageFormatException($"There is no request '{(type.Length <= 40 ? type : type[..40])}'."),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw new MessageFormatException(
                "The request could not be understood: expected JSON with a type (want, shown, instructions, pause, record, snapshot, measure, zones) "
                + "and its keys.",
                e);
        }
    }

    private static DrawnZone[] ZonesOf(JsonElement zones) => zones.GetArrayLength() <= MostZones
        ? [.. zones.EnumerateArray().Select(zone => new DrawnZone(zone.GetProperty("name").GetString() ?? "", CornersOf(zone.GetProperty("corners"))))]
        : throw new MessageFormatException($"At most {MostZones} zones are watched, found {zones.GetArrayLength()}.");

    private static (double X, double Y)[] CornersOf(JsonElement corners) => corners.GetArrayLength() <= MostCorners
        ? [.. corners.EnumerateArray().Select(corner => (corner[0].GetDouble(), corner[1].GetDouble()))]
        : throw new MessageFormatException($"A zone has at most {MostCorners} corners, found {corners.GetArrayLength()}.");

    private static long LayersOf(JsonElement names)
    {
        long layers = 0;
        foreach (JsonElement name in names.EnumerateArray())
        {
            int index = LayerKinds.IndexOf(name.GetString());
            layers |= index >= 0
                ? 1L << index
                : throw new MessageFormatException($"There is no layer '{name}': expected {string.Join(", ", LayerKinds.All.Select(layer => layer.Name))}.");
        }

        return layers;
    }
}
