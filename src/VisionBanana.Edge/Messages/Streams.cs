using System.Collections.Frozen;
using System.Collections.Immutable;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// The streams: their names, the last part of <c>vb/v1/{device}/{camera}/{stream}</c>, and what is known of each. The names stand in the files of the
/// streams.
/// </summary>
public static partial class Streams
{
    /// <summary>
    /// Every stream, in the order in which the messages of a picture are sent: state first, then small before large, a calibration behind its picture.
    /// </summary>
    public static ImmutableArray<StreamKind> All { get; } =
    [
        new CameraInfoStream(),
        new LabelInfoStream(),
        new TfStaticStream(),
        new ScanStream(),
        new DetectionsStream(),
        new DetectionsRobotStream(),
        new DetectionsPictureStream(),
        new ColorStream(),
        new PictureCameraInfoStream(Streams.Color),
        new PaintingStream(),
        new LabelsStream(),
        new MaskStream(),
        new InstancesStream(),
        new DepthStream(),
        new PictureCameraInfoStream(Streams.Depth),
        new NormalsStream(),
        new CloudStream(),
        new DiagnosticsStream(),
    ];

    private static readonly FrozenDictionary<string, StreamKind> ByName = All.ToFrozenDictionary(stream => stream.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, WireSchema> Schemas = All.SelectMany(stream => stream.WireSchemas)
        .DistinctBy(schema => schema.Name).ToFrozenDictionary(schema => schema.Name, StringComparer.Ordinal);

    /// <summary>The stream of a name, or null when it is none of this contract.</summary>
    public static StreamKind? Find(string? name) => name is null ? null : ByName.GetValueOrDefault(name);

    /// <summary>The type of a name, or null when no stream carries it.</summary>
    internal static WireSchema? FindSchema(string schema) => Schemas.GetValueOrDefault(schema);
}
