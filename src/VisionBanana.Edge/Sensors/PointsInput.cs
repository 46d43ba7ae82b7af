using System.Buffers.Binary;
using System.Text.Json;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Scale;
using Vector3 = System.Numerics.Vector3;

namespace VisionBanana.Edge.Sensors;

/// <summary>A sparse cloud in the camera's optical frame: sensor_msgs/PointCloud2 with x, y, z as float32, or <c>{"points_m": [[x, y, z], …]}</c>.</summary>
/// <param name="feed">Gets the points.</param>
/// <param name="frame">The frame that clouds must be in; null = any.</param>
public sealed class PointsInput(PointsFeed feed, string? frame = null) : SensorInput("points")
{
    /// <inheritdoc/>
    public override AnchorCounts Counts => feed.Counts;

    /// <inheritdoc/>
    protected override AnchorRefusal Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("points_m", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new MessageFormatException("Expected \"points_m\": [[x, y, z], …].");
        }

        Vector3[] points = [.. list.EnumerateArray().Select(p => SensorJson.List(p, "points_m", 3)).Select(
            p => new Vector3((float)p[0], (float)p[1], (float)p[2]))];
        return feed.Push(points, SensorJson.Stamp(root));
    }

    /// <inheritdoc/>
    protected override AnchorRefusal TakeRos(ReadOnlyMemory<byte> payload)
    {
        PointCloud2 cloud = RosMessage.Decode<PointCloud2>(payload);
        if (frame is not null && cloud.Header.FrameId != frame)
        {
            feed.Refuse(AnchorRefusal.OtherFrame);
            return AnchorRefusal.OtherFrame;
        }

        int x = OffsetOf(cloud, "x"), y = OffsetOf(cloud, "y"), z = OffsetOf(cloud, "z");
        ReadOnlySpan<byte> data = cloud.Data.Span;
        int step = cloud.PointStep is > 0 and <= 4096 ? (int)cloud.PointStep : throw new MessageFormatException("Expected points of 12 to 4096 bytes.");
        if (cloud.IsBigEndian || Math.Max(x, Math.Max(y, z)) + sizeof(float) > step)
        {
            throw new MessageFormatException("Expected x, y and z as little-endian float32 within each point.");
        }

        var points = new Vector3[data.Length / step];
        for (int i = 0; i < points.Length; i++)
        {
            ReadOnlySpan<byte> point = data.Slice(i * step, step);
            points[i] = new Vector3(
                BinaryPrimitives.ReadSingleLittleEndian(point[x..]), BinaryPrimitives.ReadSingleLittleEndian(point[y..]),
                BinaryPrimitives.ReadSingleLittleEndian(point[z..]));
        }

        return feed.Push(points, cloud.Header.Stamp.Nanoseconds);
    }

    /// <inheritdoc/>
    protected override void Refuse(AnchorRefusal refusal) => feed.Refuse(refusal);

    private static int OffsetOf(in PointCloud2 cloud, string name)
    {
        foreach (PointField field in cloud.Fields)
        {
            if (field.Name == name && field is { DataType: PointFieldType.Float32, Offset: < 4096 })
            {
                return (int)field.Offset;
            }
        }

        throw new MessageFormatException($"Expected the field '{name}' as float32 among those of a cloud.");
    }
}
