using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>
/// <c>engine.json</c> of an entry: what was built for what, and the hash of every file. Its own hash stands in it, so that a changed manifest is seen.
/// </summary>
internal sealed record EngineManifest(
    string Model, EngineKey Key, ImmutableArray<EngineFile> Files, DateTimeOffset Built, double BuildSeconds)
{
    public const string FileName = "engine.json";

    private const int Schema = 1;
    private static readonly JsonWriterOptions Pretty = new() { Indented = true };

    private string Hash => EngineKey.HashOf(
    [
        new("schema", Schema.ToString(CultureInfo.InvariantCulture)),
        new("model", Model),
        new("key", Key.Hash),
        new("built", Stamp(Built)),
        new("build_seconds", BuildSeconds.ToString("R", CultureInfo.InvariantCulture)),
        .. Files.SelectMany(f => (KeyValuePair<string, string>[])
            [new("name", f.Name), new("bytes", f.Bytes.ToString(CultureInfo.InvariantCulture)), new("sha256", f.Sha256)]),
    ]);

    public void Write(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, Pretty);
        json.WriteStartObject();
        json.WriteNumber("schema", Schema);
        json.WriteString("model", Model);
        json.WriteString("built", Stamp(Built));
        json.WriteNumber("build_seconds", BuildSeconds);
        json.WriteStartObject("key");
        foreach ((string name, string value) in Key.Fields)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteStartArray("files");
        foreach (EngineFile file in Files)
        {
            json.WriteStartObject();
            json.WriteString("name", file.Name);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteString("sha256", file.Sha256);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("manifest_sha256", Hash);
        json.WriteEndObject();
    }

    /// <summary>Reads a manifest that says what its own hash says, or throws.</summary>
    /// <exception cref="FormatException">It is none, or was changed.</exception>
    public static EngineManifest Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            if (root.GetProperty("schema").GetInt32() != Schema)
            {
                throw new FormatException($"expected schema {Schema}, found {root.GetProperty("schema")}");
            }

            var manifest = new EngineManifest(
                root.GetProperty("model").GetString()!,
                new EngineKey(root.GetProperty("key").EnumerateObject().Select(p => new KeyValuePair<string, string>(p.Name, p.Value.GetString()!))),
                [
                    .. root.GetProperty("files").EnumerateArray().Select(f => new EngineFile(
                        f.GetProperty("name").GetString()!, f.GetProperty("bytes").GetInt64(), f.GetProperty("sha256").GetString()!)),
                ],
                root.GetProperty("built").GetDateTimeOffset(),
                root.GetProperty("build_seconds").GetDouble());
            if (manifest.Files.Any(f => f.Name != Path.GetFileName(f.Name)))
            {
                throw new FormatException("a file lies outside the entry's folder");
            }

            return manifest.Hash == root.GetProperty("manifest_sha256").GetString()
                ? manifest
                : throw new FormatException("its content is not what its manifest_sha256 says");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static string Stamp(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
