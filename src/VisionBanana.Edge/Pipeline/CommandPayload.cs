using System.Globalization;
using System.Text;
using System.Text.Json;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// Commands, answers and state as they travel. Instructions: the text of one (<c>depth</c>), or JSON — a list of texts and
/// <c>{"ask": "labels", "every": 3}</c>, or an object with that list as <c>instructions</c>. Commands: <c>pause</c>, <c>resume</c>,
/// <c>frame</c>, <c>frame labels</c>, or JSON <c>{"command": "frame", "ask": "labels"}</c>; another model as
/// <c>{"command": "model", "package": "painter-m", "sha256": "…"}</c>. JSON is read strictly: unknown keys are refused.
/// </summary>
public static class CommandPayload
{
    /// <summary>The longest payload that is read.</summary>
    public const int MaxBytes = 64 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions Strictly = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Reads what replaces the instructions.</summary>
    /// <exception cref="MessageFormatException">The payload is none of the forms; the message says what was expected.</exception>
    public static SetInstructionsCommand ReadInstructions(ReadOnlyMemory<byte> payload)
    {
        string text = TextOf(payload);

        // A prompt may begin with a brace too: {"cat": <255, 165, 0>} …
        if (text[0] != '[' && !(text[0] == '{' && text.Contains("\"instructions\"", StringComparison.Ordinal)))
        {
            return new SetInstructionsCommand([new AskedInstruction(text)]);
        }

        using JsonDocument document = Parse(text);
        JsonElement list = document.RootElement;
        if (list.ValueKind == JsonValueKind.Object)
        {
            RefuseOtherKeys(list, "instructions");
            list = list.TryGetProperty("instructions", out JsonElement found)
                ? found
                : throw new MessageFormatException("""Expected {"instructions": [ … ]}, found no such key.""");
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new MessageFormatException($"Expected a list of instructions, found {list.ValueKind}.");
        }

        return new SetInstructionsCommand([.. list.EnumerateArray().Select(ReadInstruction)]);
    }

    /// <summary>Reads a command.</summary>
    /// <exception cref="MessageFormatException">The payload is none of the forms; the message says what was expected.</exception>
    public static PipelineCommand ReadCommand(ReadOnlyMemory<byte> payload)
    {
        string text = TextOf(payload);
        if (text[0] != '{')
        {
            int space = text.AsSpan().IndexOfAny(" \t\r\n");
            return space < 0 ? Named(text, null) : Named(text[..space], text[space..].Trim());
        }

        using JsonDocument document = Parse(text);
        if (document.RootElement.TryGetProperty("command", out JsonElement command) && command.ValueKind == JsonValueKind.String
            && command.ValueEquals("model"))
        {
            RefuseOtherKeys(document.RootElement, "command", "package", "sha256");
            return new SwitchModelCommand(
                TextAt(document.RootElement, "package"), document.RootElement.TryGetProperty("sha256", out _) ? TextAt(document.RootElement, "sha256") : null);
        }

        RefuseOtherKeys(document.RootElement, "command", "ask");
        return Named(TextAt(document.RootElement, "command"), document.RootElement.TryGetProperty("ask", out _) ? TextAt(document.RootElement, "ask") : null);
    }

    /// <summary>The answer to a command: <c>{"ok":true}</c> or <c>{"ok":false,"error":"…"}</c>.</summary>
    /// <param name="problem">What <see cref="ICommandHandler.Execute"/> returned.</param>
    public static byte[] WriteAnswer(string? problem) => Write(json =>
    {
        json.WriteBoolean("ok"u8, problem is null);
        if (problem is not null)
        {
            json.WriteString("error"u8, problem);
        }
    });

    /// <summary>
    /// The state: <c>{"paused":false,"instructions":[{"ask":"…","every":1}],"engine":"tensorrt fp16","parity":"agrees with …"}</c>; the last two
    /// where the painter says what runs it, with <c>model</c> (name and version), <c>model_sha256</c> and, after a command, <c>rollout</c>.
    /// </summary>
    public static byte[] WriteState(PipelineState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Write(json =>
        {
            json.WriteBoolean("paused"u8, state.IsPaused);
            json.WriteStartArray("instructions"u8);
            foreach (AskedInstruction instruction in state.Instructions)
            {
                json.WriteStartObject();
                json.WriteString("ask"u8, instruction.Ask);
                json.WriteNumber("every"u8, instruction.Every);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (state.Engine is not null)
            {
                json.WriteString("engine"u8, state.Engine);
                json.WriteString("parity"u8, state.Parity ?? "not compared");
            }

            if (state.Model is not null)
            {
                json.WriteString("model"u8, state.Model);
                json.WriteString("model_sha256"u8, state.ModelSha256);
            }

            if (state.Rollout is not null)
            {
                json.WriteString("rollout"u8, state.Rollout);
            }
        });
    }

    private static PipelineCommand Named(string name, string? ask) => (name, ask) switch
    {
        ("pause", null) => new PauseCommand(true),
        ("resume", null) => new PauseCommand(false),
        ("frame", _) => new FrameCommand(ask),
        ("pause" or "resume", _) => throw new MessageFormatException($"Expected nothing after '{name}', found '{Shown(ask!)}'."),
        _ => throw new MessageFormatException($"Expected pause, resume, frame, 'frame INSTRUCTION' or {{\"command\": \"model\", …}}, found '{Shown(name)}'."),
    };

    private static AskedInstruction ReadInstruction(JsonElement item)
    {
        switch (item.ValueKind)
        {
            case JsonValueKind.String:
                return new AskedInstruction(TextOf(item, "an instruction"));
            case JsonValueKind.Object:
                RefuseOtherKeys(item, "ask", "every");
                return new AskedInstruction(TextAt(item, "ask"), item.TryGetProperty("every", out JsonElement every) ? CountOf(every) : 1);
            default:
                throw new MessageFormatException($"Expected an instruction as text or as {{\"ask\": …, \"every\": …}}, found {item.ValueKind}.");
        }
    }

    private static int CountOf(JsonElement every) =>
        every.ValueKind == JsonValueKind.Number && every.TryGetInt32(out int count) && count >= 1
            ? count
            : throw new MessageFormatException($"'every' counts pictures: expected a whole number from 1, found {Shown(every.GetRawText())}.");

    private static string TextAt(JsonElement element, string key) => element.TryGetProperty(key, out JsonElement value)
        ? TextOf(value, $"'{key}'")
        : throw new MessageFormatException($"Expected the key '{key}'.");

    private static string TextOf(JsonElement value, string what)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String && value.GetString()!.Trim() is { Length: > 0 } text
                ? text
                : throw new MessageFormatException($"Expected a text for {what}, found {Shown(value.GetRawText())}.");
        }
        catch (InvalidOperationException error)
        {
            throw new MessageFormatException($"The text for {what} is not valid Unicode.", error);
        }
    }

    private static void RefuseOtherKeys(JsonElement element, params ReadOnlySpan<string> known)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            bool isKnown = false;
            foreach (string name in known)
            {
                isKnown |= property.NameEquals(name);
            }

            if (!isKnown)
            {
                throw new MessageFormatException($"Expected no other keys than {string.Join(", ", known!)}, found {Shown(property.ToString())}.");
            }
        }
    }

    private static JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text, Strictly);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The latter: a key that is not valid Unicode.
            throw new MessageFormatException($"It begins like JSON but is not: {error.Message}", error);
        }
    }

    private static string TextOf(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > MaxBytes)
        {
            throw new MessageFormatException(
                string.Create(CultureInfo.InvariantCulture, $"Expected at most {MaxBytes} bytes, found {payload.Length}."));
        }

        try
        {
            return StrictUtf8.GetString(payload.Span).Trim() is { Length: > 0 } text
                ? text
                : throw new MessageFormatException("Expected a text, found nothing.");
        }
        catch (DecoderFallbackException error)
        {
            throw new MessageFormatException("Expected UTF-8, found other bytes.", error);
        }
    }

    private static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "…";

    private static byte[] Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
