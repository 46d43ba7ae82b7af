using System.Runtime.InteropServices;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <summary>Writes depth in the encoding that was chosen.</summary>
internal sealed class DepthWriter(DepthStreamOptions own, IImageEncoder images) : PictureWriter(Streams.Depth, SchemaOf(own.Encoding), own.RateHz)
{
    private readonly ZstdData? _zstd = own.Encoding == DepthEncoding.Zstd ? new ZstdData() : null;
    private ushort[] _millimetres = [];

    protected override bool Has(PerceptionFrame frame) => frame.Find(PerceptKind.Depth) is not null;

    protected override WireMessage Encode(PerceptionFrame frame, MessageSlot slot, in Header header)
    {
        ReadOnlySpan<float> depth = frame.Find(PerceptKind.Depth)!.Depth;
        switch (own.Encoding)
        {
            case DepthEncoding.Millimetres:
                DepthImage.ToMillimetres(depth, MemoryMarshal.Cast<byte, ushort>(slot.BeginImage(header, frame, ImageEncodings.U16C1)));
                return slot.Message;
            case DepthEncoding.Metres:
                PlaneConversion.Copy(depth, slot.BeginImage(header, frame, ImageEncodings.F32C1));
                return slot.Message;
        }

        if (_millimetres.Length != depth.Length)
        {
            _millimetres = GC.AllocateUninitializedArray<ushort>(depth.Length);
        }

        DepthImage.ToMillimetres(depth, _millimetres);
        return Compress(frame, slot, header);
    }

    private WireMessage Compress(PerceptionFrame frame, MessageSlot slot, in Header header)
    {
        string format = own.Encoding switch
        {
            DepthEncoding.CompressedPng => ImageEncodings.DepthPng,
            DepthEncoding.Rvl => ImageEncodings.DepthRvl,
            _ => ImageEncodings.DepthZstd,
        };
        int start = slot.BeginCompressed(header, format);
        switch (own.Encoding)
        {
            case DepthEncoding.CompressedPng:
                CompressedDepth.WriteConfig(slot.Writer);
                images.EncodePng16(_millimetres, frame.Width, frame.Height, slot.Writer);
                break;
            case DepthEncoding.Rvl:
                CompressedDepth.WriteRvl(slot.Writer, _millimetres, frame.Width, frame.Height);
                break;
            default:
                CompressedDepth.WriteHeader(slot.Writer, frame.Width, frame.Height);
                _zstd!.Write(slot.Writer, MemoryMarshal.AsBytes(_millimetres.AsSpan()));
                break;
        }

        return slot.EndCompressed(format, start, frame);
    }

    private static string SchemaOf(DepthEncoding encoding) =>
        encoding is DepthEncoding.CompressedPng or DepthEncoding.Rvl or DepthEncoding.Zstd ? CompressedImage.Schema : Image.Schema;
}
