using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// The JSON beside a payload on transports without properties of their own: <c>schema, encoding, seq, captured_ns, frame_id, width,
/// height, step, data_offset, data_length</c>, and for clouds <c>fields</c>, a list of [name, offset, numpy dtype].
/// Writes without allocating once warm; one writer belongs to one thread.
/// </summary>
public sealed class WireHeader : IDisposable
{
    /// <summary>The fields of a cloud point as JSON: <c>[["x",0,"&lt;f4"], …]</c>.</summary>
    public static string CloudFields { get; } = FieldsOf(PointCloud2.CloudPointFields);

    private static readonly byte[] CloudFieldsUtf8 = Encoding.UTF8.GetBytes(CloudFields);

    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private readonly Utf8JsonWriter _json;

    /// <summary>Creates a writer.</summary>
    public WireHeader() => _json = new Utf8JsonWriter(_buffer);

    /// <summary>The header of a message, UTF-8. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Write(WireMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("schema"u8, message.Schema);
        _json.WriteString("encoding"u8, message.Encoding);
        _json.WriteNumber("seq"u8, message.SequenceNumber);
        _json.WriteNumber("captured_ns"u8, message.CapturedNs);
        _json.WriteString("frame_id"u8, message.FrameId);
        _json.WriteNumber("width"u8, message.Width);
        _json.WriteNumber("height"u8, message.Height);
        _json.WriteNumber("step"u8, message.Step);
        _json.WriteNumber("data_offset"u8, message.DataOffset);
        _json.WriteNumber("data_length"u8, message.DataLength);
        if (ImageEncodings.HasFields(message.Encoding))
        {
            _json.WritePropertyName("fields"u8);
            _json.WriteRawValue(CloudFieldsUtf8, skipInputValidation: true);
        }

        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenSpan;
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    /// <summary>Puts a received message together.</summary>
    /// <exception cref="MessageFormatException">The header is not the JSON described above; keys it does not know are ignored.</exception>
    public static WireMessage Read(ReadOnlyMemory<byte> header, string stream, ReadOnlyMemory<byte> payload)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(header);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new MessageFormatException($"Expected a JSON object as header, found {root.ValueKind}.");
            }

            return new WireMessage
            {
                Stream = stream,
                Schema = Text(root, "schema"),
                Encoding = Text(root, "encoding"),
                SequenceNumber = Number(root, "seq"),
                CapturedNs = Number(root, "captured_ns"),
                FrameId = Text(root, "frame_id"),
                Width = Count(root, "width"),
                Height = Count(root, "height"),
                Step = Count(root, "step"),
                DataOffset = Count(root, "data_offset"),
                DataLength = Count(root, "data_length"),
                Payload = payload,
            };
        }
        catch (JsonException error)
        {
            throw new MessageFormatException($"The header is not JSON: {error.Message}", error);
        }
    }

    private static string Text(JsonElement root, string key) =>
        root.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? TextOf(value, key)
            : throw new MessageFormatException($"Expected the text '{key}' in the header.");

    private static string TextOf(JsonElement value, string key)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new MessageFormatException($"The text '{key}' of the header is not valid Unicode.", error);
        }
    }

    private static long Number(JsonElement root, string key) =>
        root.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : throw new MessageFormatException($"Expected the whole number '{key}' in the header.");

    private static int Count(JsonElement root, string key) => Number(root, key) is >= 0 and <= int.MaxValue and var number
        ? (int)number
        : throw new MessageFormatException($"Expected '{key}' of the header between 0 and {int.MaxValue}, found {Number(root, key)}.");

    private static string FieldsOf(ImmutableArray<PointField> fields) =>
        $"[{string.Join(',', fields.Select(field => $"[\"{field.Name}\",{field.Offset},\"{DtypeOf(field.DataType)}\"]"))}]";

    private static string DtypeOf(PointFieldType type) => type switch
    {
        PointFieldType.Int8 => "<i1",
        PointFieldType.UInt8 => "<u1",
        PointFieldType.Int16 => "<i2",
        PointFieldType.UInt16 => "<u2",
        PointFieldType.Int32 => "<i4",
        PointFieldType.UInt32 => "<u4",
        PointFieldType.Float32 => "<f4",
        PointFieldType.Float64 => "<f8",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type of sensor_msgs/PointField."),
    };
}
