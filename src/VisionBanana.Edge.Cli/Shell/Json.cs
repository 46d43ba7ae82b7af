using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VisionBanana.Edge.Cli.Shell;

/// <summary>The one way reports become JSON: snake_case keys, numbers that JSON cannot hold as null, enums as snake_case words.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new FiniteDoubleConverter(), new RedactedTextConverter() },
    };

    private static readonly JsonSerializerOptions Indented = new(Options) { WriteIndented = true };

    /// <summary>One object, on one line.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>What a command reports, with <c>error</c> and <c>exit_code</c> as its last keys, on one line.</summary>
    public static string Report<T>(T value, int exitCode, string? error)
    {
        JsonObject report = JsonSerializer.SerializeToNode(value, Options)!.AsObject();
        report["error"] = error;
        report["exit_code"] = exitCode;
        return report.ToJsonString(Options);
    }

    /// <summary>One object, for people.</summary>
    public static string Pretty<T>(T value) => JsonSerializer.Serialize(value, Indented);

    /// <summary>Reads what <see cref="Line"/> and <see cref="Pretty"/> wrote.</summary>
    /// <exception cref="JsonException">It is no JSON, or not of this shape.</exception>
    public static T? Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options);

    /// <summary>For text that may look like an address with a password and holds no secret, such as a public key.</summary>
    internal sealed class PlainTextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    /// <summary>No report holds a secret.</summary>
    private sealed class RedactedTextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(Redactor.Text(value));
    }

    private sealed class FiniteDoubleConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override bool HandleNull => true;

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(Math.Round(value, 4));
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
