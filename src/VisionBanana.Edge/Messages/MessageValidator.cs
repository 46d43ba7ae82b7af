using System.Text.Json;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Messages;

/// <summary>Decodes a received message to its last byte and checks it against itself and against what travelled beside it.</summary>
public static class MessageValidator
{
    /// <summary>Null when everything fits, or the first thing that does not.</summary>
    public static string? WhyMalformed(WireMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        try
        {
            return message.Schema switch
            {
                "sensor_msgs/msg/Image" => Check(RosMessage.Decode<Image>(message.Payload), message),
                "sensor_msgs/msg/CompressedImage" => Check(RosMessage.Decode<CompressedImage>(message.Payload), message),
                "sensor_msgs/msg/PointCloud2" => Check(RosMessage.Decode<PointCloud2>(message.Payload), message),
                "point_cloud_interfaces/msg/CompressedPointCloud2" => Check(RosMessage.Decode<CompressedPointCloud2>(message.Payload), message),
                "tf2_msgs/msg/TFMessage" => Check(RosMessage.Decode<TFMessage>(message.Payload), message),
                "sensor_msgs/msg/CameraInfo" => Check(RosMessage.Decode<CameraInfo>(message.Payload), message),
                "vision_msgs/msg/LabelInfo" => Check(RosMessage.Decode<LabelInfo>(message.Payload), message),
                "diagnostic_msgs/msg/DiagnosticArray" => Check(RosMessage.Decode<DiagnosticArray>(message.Payload), message),
                "" when message.Stream == WireTopics.StatusStream => CheckStatus(message.Payload),
                "" when message.Stream == WireTopics.PreviewStream => CheckPreview(message.Payload.Span),

                // What others ask of a device is answered by the device.
                "" when WireTopics.IsPlain(message.Stream) => null,
                _ => $"the schema '{message.Schema}' is not part of the contract",
            };
        }
        catch (MessageFormatException error)
        {
            return error.Message;
        }
    }

    private static string? Check(in Image image, WireMessage message)
    {
        int bytesPerPixel = ImageEncodings.BytesPerPixel(image.Encoding);
        ulong row = (ulong)bytesPerPixel * image.Width;
        return bytesPerPixel == 0 ? $"the encoding '{image.Encoding}' is not one that streams use"
            : image.Encoding != message.Encoding ? $"the picture is {image.Encoding}, its header says '{message.Encoding}'"
            : bytesPerPixel != message.Step ? $"{image.Encoding} has {bytesPerPixel} bytes per pixel, the header says {message.Step}"
            : image.IsBigEndian ? "the pixels are big endian"
            : image.Step != row ? $"a row of {image.Width} pixels {image.Encoding} has {row} bytes, step says {image.Step}"
            : row * image.Height != (ulong)image.Data.Length ? $"{image.Height} rows of {row} bytes were expected, {image.Data.Length} bytes found"
            : CheckHeader(image.Header, message) ?? CheckSize(image.Width, image.Height, message) ?? CheckData(image.Data, message);
    }

    private static string? Check(in CompressedImage image, WireMessage message)
    {
        return image.Format != message.Encoding ? $"the picture is {image.Format}, its header says '{message.Encoding}'"
            : message.Step != 0 ? $"compressed data has no step, the header says {message.Step}"
            : CheckHeader(image.Header, message) ?? CheckData(image.Data, message) ?? WhyNotWhole(image, message);
    }

    private static string? WhyNotWhole(in CompressedImage image, WireMessage message)
    {
        ReadOnlySpan<byte> data = image.Data.Span;
        bool isDepth = image.Format == ImageEncodings.DepthPng && data.Length >= CompressedDepth.ConfigLength;
        ReadOnlySpan<byte> png = isDepth ? data[CompressedDepth.ConfigLength..] : data;
        bool whole = image.Format switch
        {
            ImageEncodings.Jpeg => data.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) && data.EndsWith((ReadOnlySpan<byte>)[0xFF, 0xD9]),
            ImageEncodings.Png or ImageEncodings.DepthPng =>
                png.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) && png.Length > 12 && png[^8..^4].SequenceEqual("IEND"u8),
            ImageEncodings.DepthRvl or ImageEncodings.DepthZstd => true,
            _ => false,
        };
        return !whole ? $"{data.Length} bytes are not a whole '{image.Format}' file (expected jpeg, png or a form of compressed depth)"
            : image.Format is ImageEncodings.DepthRvl or ImageEncodings.DepthZstd ? CompressedDepth.WhyNot(data, image.Format, message.Width, message.Height)
            : null;
    }

    private static string? Check(in PointCloud2 cloud, WireMessage message)
    {
        ulong row = (ulong)cloud.Width * cloud.PointStep;
        return message.Encoding != ImageEncodings.Points ? $"expected the encoding 'points' in the header of a cloud, found '{message.Encoding}'"
            : cloud.PointStep != (ulong)message.Step ? $"points have {cloud.PointStep} bytes, the header says {message.Step}"
            : CheckLayout(cloud)
                ?? (row * cloud.Height != (ulong)cloud.Data.Length ? $"{cloud.Height} rows of {row} bytes were expected, {cloud.Data.Length} bytes found" : null)
                ?? CheckHeader(cloud.Header, message) ?? CheckSize(cloud.Width, cloud.Height, message) ?? CheckData(cloud.Data, message);
    }

    private static string? Check(in CompressedPointCloud2 packed, WireMessage message)
    {
        // The same cloud with its data still packed: everything but the length of the data is to fit.
        var cloud = new PointCloud2(
            packed.Header, packed.Height, packed.Width, packed.Fields, packed.IsBigEndian, packed.PointStep, packed.RowStep, packed.CompressedData, packed.IsDense);
        bool isZstd = packed.Format == "zstd" && message.Encoding == ImageEncodings.PointsZstd;
        return !isZstd && !(packed.Format == "cloudini" && message.Encoding == ImageEncodings.PointsCloudini)
                ? $"expected zstd or cloudini in the cloud and 'points; zstd' or 'points; cloudini' in its header, found '{packed.Format}' and '{message.Encoding}'"
            : message.Step != 0 ? $"compressed data has no step in bytes, the header says {message.Step}"
            : CheckLayout(cloud) ?? CheckHeader(cloud.Header, message) ?? CheckSize(cloud.Width, cloud.Height, message)
                ?? CheckData(cloud.Data, message)
                ?? (isZstd ? ZstdData.WhyNot(cloud.Data.Span, (ulong)cloud.RowStep * cloud.Height) : CloudiniReader.WhyNot(cloud.Data.Span, message.Width, message.Height));
    }

    private static string? Check(in TFMessage tree, WireMessage message)
    {
        if (tree.Transforms.IsEmpty)
        {
            return "a message of transforms holds none";
        }

        foreach (TransformStamped pose in tree.Transforms)
        {
            Vector3 at = pose.Transform.Translation;
            Quaternion turn = pose.Transform.Rotation;
            double norm = Math.Sqrt((turn.X * turn.X) + (turn.Y * turn.Y) + (turn.Z * turn.Z) + (turn.W * turn.W));
            string? problem = pose.ChildFrameId.Length == 0 || pose.ChildFrameId == pose.Header.FrameId
                    ? $"the frame '{pose.ChildFrameId}' cannot hang on '{pose.Header.FrameId}'"
                : !double.IsFinite(at.X + at.Y + at.Z) ? $"the position of '{pose.ChildFrameId}' is not finite"
                : !(Math.Abs(norm - 1) < 1e-6) ? $"the rotation of '{pose.ChildFrameId}' has length {norm}, expected 1"
                : CheckHeader(pose.Header, message);
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static string? CheckLayout(in PointCloud2 cloud)
    {
        foreach (PointField field in cloud.Fields)
        {
            if (field.ByteSize == 0 || field.Offset + field.ByteSize > cloud.PointStep)
            {
                return $"the field '{field.Name}' ({field.Count} × {field.DataType} at {field.Offset}) does not lie within a point of {cloud.PointStep} bytes";
            }
        }

        ulong row = (ulong)cloud.Width * cloud.PointStep;
        return !HasPosition(cloud) ? "x, y and z as float32 were expected among the fields"
            : cloud.IsBigEndian ? "the points are big endian"
            : cloud.RowStep != row ? $"a row of {cloud.Width} points has {row} bytes, row_step says {cloud.RowStep}"
            : null;
    }

    private static string? Check(CameraInfo info, WireMessage message)
    {
        int? coefficients = info.DistortionModel switch
        {
            "plumb_bob" => 5,
            "rational_polynomial" => 8,
            "equidistant" => 4,
            _ => null,
        };
        return coefficients is null ? $"the distortion model '{info.DistortionModel}' is unknown"
            : info.D.Length != 0 && info.D.Length < Math.Min(coefficients.Value, 4) ? $"{info.DistortionModel} has {coefficients} coefficients, found {info.D.Length}"
            : !(info.K[0] > 0 && info.K[4] > 0 && double.IsFinite(info.K[0]) && double.IsFinite(info.K[4])) ? $"focal lengths {info.K[0]} and {info.K[4]} were expected to be positive"
            : CheckHeader(info.Header, message) ?? CheckSize(info.Width, info.Height, message);
    }

    private static string? Check(in LabelInfo info, WireMessage message)
    {
        var ids = new HashSet<ushort>();
        foreach (VisionClass entry in info.ClassMap)
        {
            if (!ids.Add(entry.ClassId))
            {
                return $"the class id {entry.ClassId} stands twice";
            }
        }

        return CheckHeader(info.Header, message);
    }

    private static string? Check(in DiagnosticArray array, WireMessage message)
    {
        foreach (DiagnosticStatus status in array.Status)
        {
            if (status.Level > DiagnosticLevel.Stale)
            {
                return $"'{status.Name}' has the level {(int)status.Level}, expected 0 to 3";
            }
        }

        return CheckHeader(array.Header, message);
    }

    private static string? CheckPreview(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) && file.EndsWith((ReadOnlySpan<byte>)[0xFF, 0xD9]) ? null : $"{file.Length} bytes are not a whole JPEG file";

    private static string? CheckStatus(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            string? status = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("status", out JsonElement value) &&
                value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            return status is "online" or "offline" ? null : "expected {\"status\": \"online\" or \"offline\", …}";
        }
        catch (JsonException error)
        {
            return $"the status is not JSON: {error.Message}";
        }
    }

    private static string? CheckHeader(in Header header, WireMessage message) =>
        header.Stamp.Nanoseconds != message.CapturedNs ? $"the stamp is {header.Stamp.Nanoseconds}, the header says captured_ns {message.CapturedNs}"
        : header.FrameId != message.FrameId ? $"frame_id is '{header.FrameId}', the header says '{message.FrameId}'"
        : null;

    private static string? CheckSize(uint width, uint height, WireMessage message) =>
        width == message.Width && height == message.Height ? null : $"the message is {width} × {height}, the header says {message.Width} × {message.Height}";

    /// <summary>The offset and length beside the message must name exactly the bytes that decoding finds.</summary>
    private static string? CheckData(ReadOnlyMemory<byte> data, WireMessage message)
    {
        int length = message.Payload.Length;
        if (message.DataOffset < 0 || message.DataLength < 0 || message.DataOffset > length || message.DataLength > length - message.DataOffset)
        {
            return $"data_offset {message.DataOffset} and data_length {message.DataLength} reach past the payload of {length} bytes";
        }

        return message.Payload.Span.Slice(message.DataOffset, message.DataLength) == data.Span
            ? null
            : $"data_offset {message.DataOffset} and data_length {message.DataLength} do not name the {data.Length} bytes of data";
    }

    private static bool HasPosition(in PointCloud2 cloud)
    {
        int found = 0;
        foreach (PointField field in cloud.Fields)
        {
            found += field is { Name: "x" or "y" or "z", DataType: PointFieldType.Float32, Count: 1 } ? 1 : 0;
        }

        return found == 3;
    }
}
