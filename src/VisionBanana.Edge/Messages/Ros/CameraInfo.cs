using System.Collections.Immutable;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Messages.Ros;

/// <summary>sensor_msgs/msg/CameraInfo: where the pixels of the pictures beside it look.</summary>
public sealed record CameraInfo : IRosMessage<CameraInfo>
{
    private static readonly ImmutableArray<double> Identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];

    /// <inheritdoc/>
    public static string Schema => "sensor_msgs/msg/CameraInfo";

    /// <inheritdoc/>
    public static string Definition => """
        std_msgs/Header header
        uint32 height
        uint32 width
        string distortion_model
        float64[] d
        float64[9] k
        float64[9] r
        float64[12] p
        uint32 binning_x
        uint32 binning_y
        sensor_msgs/RegionOfInterest roi
        """;

    /// <summary>Time from which it holds, and the optical frame.</summary>
    public required Header Header { get; init; }

    /// <summary>Rows of the pictures.</summary>
    public required uint Height { get; init; }

    /// <summary>Pixels per row of the pictures.</summary>
    public required uint Width { get; init; }

    /// <summary><c>plumb_bob</c>, <c>rational_polynomial</c> or <c>equidistant</c>.</summary>
    public required string DistortionModel { get; init; }

    /// <summary>Distortion coefficients in the order of the model; zeros = a pinhole.</summary>
    public required ImmutableArray<double> D { get; init; }

    /// <summary>3 × 3 camera matrix, row by row: fx 0 cx, 0 fy cy, 0 0 1, in pixels.</summary>
    public required ImmutableArray<double> K { get; init; }

    /// <summary>3 × 3 rectification matrix, row by row; the identity for a single camera.</summary>
    public ImmutableArray<double> R { get; init; } = Identity;

    /// <summary>3 × 4 projection matrix of the rectified picture, row by row.</summary>
    public required ImmutableArray<double> P { get; init; }

    /// <summary>Sensor pixels per picture pixel, horizontally; 0 and 1 both mean none.</summary>
    public uint BinningX { get; init; }

    /// <summary>Sensor pixels per picture pixel, vertically; 0 and 1 both mean none.</summary>
    public uint BinningY { get; init; }

    /// <summary>The part of the sensor that was read out.</summary>
    public RegionOfInterest Roi { get; init; }

    /// <summary>The message for a camera of this SDK; the rectified picture keeps the camera matrix.</summary>
    public static CameraInfo From(CameraIntrinsics camera, in Header header)
    {
        ArgumentNullException.ThrowIfNull(camera);
        return new CameraInfo
        {
            Header = header,
            Height = (uint)camera.Height,
            Width = (uint)camera.Width,
            DistortionModel = LensModels.Of(camera.DistortionModel).Name,
            // Readers index five coefficients of plumb_bob without looking at the length.
            D = camera.Distortion.IsDefaultOrEmpty ? [.. new double[LensModels.Of(camera.DistortionModel).DefaultCount]] : camera.Distortion,
            K = [camera.Fx, camera.Skew, camera.Cx, camera.SkewY, camera.Fy, camera.Cy, 0, 0, 1],
            P = [camera.Fx, 0, camera.Cx, 0, 0, camera.Fy, camera.Cy, 0, 0, 0, 1, 0],
        };
    }

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer) => WriteTo(writer, Header);

    /// <summary>Writes the same calibration for a picture of another time.</summary>
    internal void WriteTo(CdrWriter writer, in Header header)
    {
        header.WriteTo(writer);
        writer.WriteUInt32(Height);
        writer.WriteUInt32(Width);
        writer.WriteString(DistortionModel);
        writer.WriteCount(D.Length);
        writer.WriteFloat64Array(D.AsSpan());
        writer.WriteFloat64Array(Matrix(K, 9, nameof(K)));
        writer.WriteFloat64Array(Matrix(R, 9, nameof(R)));
        writer.WriteFloat64Array(Matrix(P, 12, nameof(P)));
        writer.WriteUInt32(BinningX);
        writer.WriteUInt32(BinningY);
        Roi.WriteTo(writer);
    }

    /// <inheritdoc/>
    public static CameraInfo ReadFrom(ref CdrReader reader) => new()
    {
        Header = Header.ReadFrom(ref reader),
        Height = reader.ReadUInt32(),
        Width = reader.ReadUInt32(),
        DistortionModel = reader.ReadString(),
        D = ReadArray(ref reader, reader.ReadCount(sizeof(double))),
        K = ReadArray(ref reader, 9),
        R = ReadArray(ref reader, 9),
        P = ReadArray(ref reader, 12),
        BinningX = reader.ReadUInt32(),
        BinningY = reader.ReadUInt32(),
        Roi = RegionOfInterest.ReadFrom(ref reader),
    };

    private static ReadOnlySpan<double> Matrix(ImmutableArray<double> values, int length, string name) =>
        values.Length == length ? values.AsSpan() : throw new InvalidOperationException($"{name} of a CameraInfo has {length} values, found {values.Length}.");

    private static ImmutableArray<double> ReadArray(ref CdrReader reader, int length)
    {
        double[] values = new double[length];
        reader.ReadFloat64Array(values);
        return ImmutableArray.Create(values);
    }
}
