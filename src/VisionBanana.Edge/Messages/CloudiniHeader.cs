using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Messages.Ros;
using PointField = VisionBanana.Edge.Messages.Ros.PointField;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// The text before a cloud in the form of Cloudini (facontidavide/cloudini on GitHub): magic and wire version 3, which every release since
/// September 2025 reads, then size and fields as YAML and a NUL.
/// </summary>
internal sealed class CloudiniHeader
{
    /// <summary>Points per chunk, each with a Zstandard frame of its own.</summary>
    public const int ChunkPoints = 32 * 1024;

    /// <summary>
    /// The most bytes that one point takes before Zstandard: three differences of int32 (5 bytes each), colour (4), confidence (2) and label (3).
    /// Readers rely on it not being more than the point itself.
    /// </summary>
    public const int MostPointBytes = 24;

    /// <summary>Confidence travels in steps of 1/256.</summary>
    public const float ConfidenceStep = 1f / 256;

    private const string Before = "CLOUDINI_V03\nversion: 3\nwidth: ", Between = "\nheight: ";

    private readonly byte[] _before = Encoding.ASCII.GetBytes(Before), _between = Encoding.ASCII.GetBytes(Between), _after;

    /// <param name="step">Metres between two coordinates.</param>
    public CloudiniHeader(float step)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\npoint_step: {CloudPoint.ByteSize}\nencoding_opt: LOSSY\ncompression_opt: ZSTD\nfields:\n");
        foreach (PointField field in PointCloud2.CloudPointFields)
        {
            // A float32 without a resolution is copied: colour is packed in its bits.
            string resolution = field.Name switch
            {
                "x" or "y" or "z" => step.ToString(CultureInfo.InvariantCulture),
                "confidence" => ConfidenceStep.ToString(CultureInfo.InvariantCulture),
                _ => "null",
            };
            text.Append(CultureInfo.InvariantCulture, $"  - name: {field.Name}\n    offset: {field.Offset}\n    type: {NameOf(field.DataType)}\n    "
                + $"resolution: {resolution}\n");
        }

        _after = Encoding.ASCII.GetBytes(text.Append('\0').ToString());
    }

    public void Write(IBufferWriter<byte> writer, int width, int height)
    {
        writer.Write(_before);
        WriteNumber(writer, width);
        writer.Write(_between);
        WriteNumber(writer, height);
        writer.Write(_after);
    }

    private static void WriteNumber(IBufferWriter<byte> writer, int number)
    {
        const int MostDigits = 11;
        Utf8Formatter.TryFormat(number, writer.GetSpan(MostDigits), out int length);
        writer.Advance(length);
    }

    private static string NameOf(PointFieldType type) => type switch
    {
        PointFieldType.Float32 => "FLOAT32",
        PointFieldType.UInt16 => "UINT16",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type of a cloud point."),
    };
}
