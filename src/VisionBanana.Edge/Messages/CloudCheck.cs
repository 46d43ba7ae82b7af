using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Messages;

/// <summary>Checks clouds, plain and compressed.</summary>
internal static class CloudCheck
{
    public static WireSchema Plain { get; } = WireSchema.Of<PointCloud2>(Check, Describe);

    public static WireSchema Compressed { get; } = WireSchema.Of<CompressedPointCloud2>(Check, Describe);

    private static MessageFacts Describe(PointCloud2 cloud) =>
        new(cloud.Header, ImageEncodings.Points, cloud.Width, cloud.Height, (int)cloud.PointStep, cloud.Data);

    private static MessageFacts Describe(CompressedPointCloud2 cloud) =>
        new(
            cloud.Header, cloud.Format == "zstd" ? ImageEncodings.PointsZstd : $"points; {cloud.Format}",
            cloud.Width, cloud.Height, 0, cloud.CompressedData);

    private static string? Check(PointCloud2 cloud, WireMessage message)
    {
        ulong row = (ulong)cloud.Width * cloud.PointStep;
        return message.Encoding != ImageEncodings.Points
                ? $"expected the encoding 'points' in the header of a cloud, found '{message.Encoding}'"
            : cloud.PointStep != (ulong)message.Step ? $"points have {cloud.PointStep} bytes, the header says {message.Step}"
            : CheckLayout(cloud)
                ?? (row * cloud.Height != (ulong)cloud.Data.Length
                    ? $"{cloud.Height} rows of {row} bytes were expected, {cloud.Data.Length} bytes found" : null)
                ?? MessageChecks.Header(cloud.Header, message) ?? MessageChecks.Size(cloud.Width, cloud.Height, message)
                    ?? MessageChecks.Data(cloud.Data, message);
    }

    private static string? Check(CompressedPointCloud2 packed, WireMessage message)
    {
        // The same cloud with its data still packed: everything but the length of the data is to fit.
        var cloud = new PointCloud2(
            packed.Header, packed.Height, packed.Width, packed.Fields, packed.IsBigEndian, packed.PointStep, packed.RowStep,
            packed.CompressedData, packed.IsDense);
        bool isZstd = packed.Format == "zstd" && message.Encoding == ImageEncodings.PointsZstd;
        return !isZstd && !(packed.Format == "cloudini" && message.Encoding == ImageEncodings.PointsCloudini)
                ? $"expected zstd or cloudini in the cloud and 'points; zstd' or 'points; cloudini' in its header, found '{packed.Format}' and "
                    + $"'{message.Encoding}'"
            : message.Step != 0 ? $"compressed data has no step in bytes, the header says {message.Step}"
            : CheckLayout(cloud) ?? MessageChecks.Header(cloud.Header, message) ?? MessageChecks.Size(cloud.Width, cloud.Height, message)
                ?? MessageChecks.Data(cloud.Data, message)
                ?? (isZstd ? ZstdData.WhyNot(
                    cloud.Data.Span, (ulong)cloud.RowStep * cloud.Height) : CloudiniReader.WhyNot(cloud.Data.Span, message.Width, message.Height));
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
