using System.Runtime.InteropServices;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <summary>Writes clouds as the options ask: thinned, rounded, compressed. Buffers are kept: once warm nothing is allocated. For one thread.</summary>
internal sealed class CloudWriter : PictureWriter
{
    private const float ConfidenceSteps = 256;
    private const double CloudiniStepM = 0.001;

    private readonly CloudStreamOptions _options;
    private readonly VoxelGrid? _voxels;
    private readonly ZstdData? _zstd;
    private readonly CloudiniWriter? _cloudini;
    private readonly float _step;
    private CloudPoint[] _points = [];

    public CloudWriter(CloudStreamOptions options)
        : base(Streams.Cloud, options.Format == CloudFormat.Plain ? PointCloud2.Schema : CompressedPointCloud2.Schema, options.RateHz)
    {
        _options = options;
        _voxels = options.VoxelM is { } size ? new VoxelGrid(size) : null;
        _zstd = options.Format == CloudFormat.Zstd ? new ZstdData() : null;
        _cloudini = options.Format == CloudFormat.Cloudini ? new CloudiniWriter((float)(options.PrecisionM ?? CloudiniStepM)) : null;

        // Cloudini rounds by itself.
        _step = options.PrecisionM is { } precision && _cloudini is null ? MathF.ScaleB(1, Math.ILogB(precision)) : 0;
    }

    protected override bool Has(PerceptionFrame frame) => frame.HasPoints;

    protected override WireMessage Encode(PerceptionFrame frame, MessageSlot slot, in Header header)
    {
        ReadOnlySpan<CloudPoint> points = frame.Points;
        int width = frame.Width, height = frame.Height;
        CdrWriter writer = slot.Writer;
        writer.Begin();
        int stride = _options.Stride, columns = (width + stride - 1) / stride, rows = (height + stride - 1) / stride;
        const int Step = CloudPoint.ByteSize;
        bool isDense = _voxels is not null || !_options.Organised;
        if (!isDense && _options.Format == CloudFormat.Plain && _step == 0)
        {
            int at = PointCloud2.Write(writer, header, points, width, height, stride);
            return slot.Describe(ImageEncodings.Points, columns, rows, Step, at, columns * rows * Step);
        }

        Span<CloudPoint> chosen = Choose(points, width, height, stride, columns * rows);
        if (_voxels is not null)
        {
            (columns, rows) = (_voxels.Reduce(chosen, chosen), 1);
            chosen = chosen[..columns];
        }
        else if (isDense)
        {
            (columns, rows) = (KeepValid(chosen), 1);
            chosen = chosen[..columns];
        }

        if (_step > 0)
        {
            Round(chosen, _step);
        }

        PointCloud2.WriteFields(writer, header, (uint)rows, (uint)columns, PointCloud2.CloudPointFields, false, Step, (uint)(columns * Step));
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(chosen);
        if (_options.Format == CloudFormat.Plain)
        {
            writer.WriteBytes(bytes);
            int offset = writer.Length - bytes.Length;
            writer.WriteBool(isDense);
            return slot.Describe(ImageEncodings.Points, columns, rows, Step, offset, bytes.Length);
        }

        int start = writer.BeginBytes();
        _zstd?.Write(writer, bytes);
        _cloudini?.Write(writer, chosen, columns, rows);
        int length = writer.EndBytes(start);
        writer.WriteBool(isDense);
        writer.WriteString(_zstd is null ? "cloudini" : "zstd");
        return slot.Describe(_zstd is null ? ImageEncodings.PointsCloudini : ImageEncodings.PointsZstd, columns, rows, 0, start, length);
    }

    private Span<CloudPoint> Choose(ReadOnlySpan<CloudPoint> points, int width, int height, int stride, int count)
    {
        if (_points.Length < count)
        {
            _points = GC.AllocateUninitializedArray<CloudPoint>(count, pinned: true);
        }

        PointCloud2.Thin(points, width, height, stride, _points);
        return _points.AsSpan(0, count);
    }

    /// <summary>Moves points with a position to the front, in their order, and returns how many they are.</summary>
    private static int KeepValid(Span<CloudPoint> points)
    {
        int count = 0;
        foreach (ref readonly CloudPoint point in points)
        {
            if (PointCloud.IsFinite(point))
            {
                points[count++] = point;
            }
        }

        return count;
    }

    /// <summary>Multiples of a power of two leave the low bits of float32 zero, which is what compresses; NaN stays NaN.</summary>
    private static void Round(Span<CloudPoint> points, float step)
    {
        float perMetre = 1 / step;
        foreach (ref CloudPoint point in points)
        {
            point.X = MathF.Round(point.X * perMetre) * step;
            point.Y = MathF.Round(point.Y * perMetre) * step;
            point.Z = MathF.Round(point.Z * perMetre) * step;
            point.Confidence = MathF.Round(point.Confidence * ConfidenceSteps) / ConfidenceSteps;
        }
    }
}
