using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <content>Surface normals.</content>
public static partial class Streams
{
    /// <summary>sensor_msgs/Image, 32FC3 in the optical frame.</summary>
    public const string Normals = "normals";
}

/// <content>Surface normals.</content>
public sealed partial record StreamOptions
{
    /// <summary>Surface normals, or null.</summary>
    public PlaneStreamOptions? Normals { get; init; } = new();
}

internal sealed class NormalsStream() : PlaneStream(Streams.Normals, ImageCheck.Schema)
{
    protected override PlaneStreamOptions? Of(StreamOptions options) => options.Normals;

    protected override StreamOptions With(StreamOptions options, PlaneStreamOptions? own) => options with { Normals = own };

    protected override PictureWriter CreateWriter(PlaneStreamOptions own, IImageEncoder images) => new Writer(own);

    private sealed class Writer(PlaneStreamOptions own) : PictureWriter(Streams.Normals, Image.Schema, own.RateHz)
    {
        protected override bool Has(PerceptionFrame frame) => frame.Find(PerceptKind.Normals) is not null;

        protected override WireMessage Encode(PerceptionFrame frame, MessageSlot slot, in Header header)
        {
            PlaneConversion.Copy<float>(frame.Find(PerceptKind.Normals)!.Normals, slot.BeginImage(header, frame, ImageEncodings.F32C3));
            return slot.Message;
        }
    }
}
