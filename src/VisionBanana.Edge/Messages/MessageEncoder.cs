using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// Encodes pictures as ROS 2 messages, once for all sinks. Stamps are capture times, frames the optical frame of the picture.
/// Called by one thread at a time.
/// </summary>
public sealed class MessageEncoder
{
    private readonly StreamOptions _options;
    private readonly IImageEncoder _images;
    private readonly LeasePool<EncodedFrame> _pool;
    private readonly StateMessages _state;
    private readonly CloudWriter? _cloud;
    private readonly ZstdData? _zstd;
    private readonly RateLimit _color, _painting, _labels, _mask, _instances, _depth, _normals, _cloudRate;
    private ushort[] _millimetres = [];

    /// <summary>Creates an encoder.</summary>
    /// <exception cref="ConfigurationException">An option is out of its range.</exception>
    public MessageEncoder(StreamOptions options, IImageEncoder images)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(images);
        StreamOptionsCheck.Check(options);
        _options = options;
        _images = images;
        _state = new StateMessages(options.Mount);
        _cloud = options.Cloud is null ? null : new CloudWriter(options.Cloud);
        _zstd = options.Depth?.Encoding == DepthEncoding.Zstd ? new ZstdData() : null;
        _color = new RateLimit(options.Color?.RateHz);
        _painting = new RateLimit(options.Painting?.RateHz);
        _labels = new RateLimit(options.Labels?.RateHz);
        _mask = new RateLimit(options.Mask?.RateHz);
        _instances = new RateLimit(options.Instances?.RateHz);
        _depth = new RateLimit(options.Depth?.RateHz);
        _normals = new RateLimit(options.Normals?.RateHz);
        _cloudRate = new RateLimit(options.Cloud?.RateHz);
        _pool = new LeasePool<EncodedFrame>(options.PoolCapacity, pool => new EncodedFrame(pool, options));
    }

    /// <summary>How many encoded pictures are held by sinks now.</summary>
    public int Outstanding => _pool.Outstanding;

    /// <summary>
    /// Encodes what the options ask for and the picture holds. False when every encoded picture is still held by a sink:
    /// a drop with <see cref="DropReason.PoolExhausted"/>. The caller disposes the result.
    /// </summary>
    public bool TryEncode(PerceptionFrame frame, [NotNullWhen(true)] out EncodedFrame? encoded)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (!_pool.TryRent(out encoded))
        {
            return false;
        }

        try
        {
            Encode(frame, encoded);
            return true;
        }
        catch
        {
            encoded.Dispose();
            encoded = null;
            throw;
        }
    }

    private void Encode(PerceptionFrame frame, EncodedFrame encoded)
    {
        encoded.SequenceNumber = frame.SequenceNumber;
        encoded.CapturedAt = frame.CapturedAt;
        _state.Update(frame, _options.Labels is not null);
        if (_state.CameraInfo is { } cameraInfo && frame.Intrinsics is not null)
        {
            encoded.AddState(cameraInfo);
        }

        if (_state.LabelInfo is { } labelInfo)
        {
            encoded.AddState(labelInfo);
        }

        if (_state.TfStatic is { } mount)
        {
            encoded.AddState(mount);
        }

        long now = frame.CapturedAt.UtcNs;
        var header = new Header(Time.FromNanoseconds(now), frame.FrameId);
        if (_options.Color is { } color && _color.Passes(now))
        {
            int start = BeginCompressed(encoded.Color, header, ImageEncodings.Jpeg);
            _images.EncodeJpeg(frame.ColorBytes, frame.Width, frame.Height, color.JpegQuality, encoded.Color.Writer);
            EndCompressed(encoded.Color, ImageEncodings.Jpeg, start, frame, encoded);
        }

        Percept? depth = frame.Find(PerceptKind.Depth);
        if (_options.Painting is not null && depth is { PainterGaveValues: false } && _painting.Passes(now))
        {
            int start = BeginCompressed(encoded.Painting, header, ImageEncodings.Png);
            _images.EncodePng(depth.PaintingBytes, frame.Width, frame.Height, encoded.Painting.Writer);
            EndCompressed(encoded.Painting, ImageEncodings.Png, start, frame, encoded);
        }

        if (_options.Labels is not null && frame.Find(PerceptKind.Labels) is { } labels && _labels.Passes(now))
        {
            EncodeIds(encoded.Labels, labels, header, FitsBytes(labels.Instruction), frame, encoded);
        }

        if (_options.Mask is not null && frame.Find(PerceptKind.Mask) is { } mask && _mask.Passes(now))
        {
            EncodeIds(encoded.Mask, mask, header, inBytes: true, frame, encoded);
        }

        if (_options.Instances is not null && frame.Find(PerceptKind.Instances) is { } instances && _instances.Passes(now))
        {
            EncodeIds(encoded.Instances, instances, header, inBytes: false, frame, encoded);
        }

        if (_options.Depth is { } depthOptions && depth is not null && _depth.Passes(now))
        {
            EncodeDepth(encoded.Depth, depth, depthOptions.Encoding, header, frame, encoded);
        }

        if (_options.Normals is not null && frame.Find(PerceptKind.Normals) is { } normals && _normals.Passes(now))
        {
            PlaneConversion.Copy<float>(normals.Normals, Begin(encoded.Normals, header, ImageEncodings.F32C3, frame, encoded));
        }

        if (_cloud is not null && frame.HasPoints && _cloudRate.Passes(now))
        {
            encoded.Add(_cloud.Write(encoded.Cloud, header, frame.Points, frame.Width, frame.Height), frame);
        }
    }

    private void EncodeDepth(MessageSlot slot, Percept depth, DepthEncoding encoding, in Header header, PerceptionFrame frame, EncodedFrame encoded)
    {
        switch (encoding)
        {
            case DepthEncoding.Millimetres:
                DepthImage.ToMillimetres(depth.Depth, MemoryMarshal.Cast<byte, ushort>(Begin(slot, header, ImageEncodings.U16C1, frame, encoded)));
                return;
            case DepthEncoding.Metres:
                PlaneConversion.Copy<float>(depth.Depth, Begin(slot, header, ImageEncodings.F32C1, frame, encoded));
                return;
        }

        if (_millimetres.Length != depth.Depth.Length)
        {
            _millimetres = GC.AllocateUninitializedArray<ushort>(depth.Depth.Length);
        }

        DepthImage.ToMillimetres(depth.Depth, _millimetres);
        string format = encoding switch
        {
            DepthEncoding.CompressedPng => ImageEncodings.DepthPng,
            DepthEncoding.Rvl => ImageEncodings.DepthRvl,
            _ => ImageEncodings.DepthZstd,
        };
        int start = BeginCompressed(slot, header, format);
        switch (encoding)
        {
            case DepthEncoding.CompressedPng:
                CompressedDepth.WriteConfig(slot.Writer);
                _images.EncodePng16(_millimetres, frame.Width, frame.Height, slot.Writer);
                break;
            case DepthEncoding.Rvl:
                CompressedDepth.WriteRvl(slot.Writer, _millimetres, frame.Width, frame.Height);
                break;
            default:
                CompressedDepth.WriteHeader(slot.Writer, frame.Width, frame.Height);
                _zstd!.Write(slot.Writer, MemoryMarshal.AsBytes(_millimetres.AsSpan()));
                break;
        }

        EndCompressed(slot, format, start, frame, encoded);
    }

    /// <summary>Writes an uncompressed picture up to its pixels, enters it in the frame and returns the room for the pixels.</summary>
    private static Span<byte> Begin(MessageSlot slot, in Header header, string encoding, PerceptionFrame frame, EncodedFrame encoded)
    {
        int step = ImageEncodings.BytesPerPixel(encoding);
        slot.Writer.Begin();
        Span<byte> pixels = Image.Write(slot.Writer, header, frame.Width, frame.Height, encoding, step);
        encoded.Add(slot.Describe(encoding, frame.Width, frame.Height, step, slot.Writer.Length - pixels.Length, pixels.Length), frame);
        return pixels;
    }

    private static int BeginCompressed(MessageSlot slot, in Header header, string format)
    {
        slot.Writer.Begin();
        return CompressedImage.Begin(slot.Writer, header, format);
    }

    private static void EndCompressed(MessageSlot slot, string format, int start, PerceptionFrame frame, EncodedFrame encoded)
    {
        int length = slot.Writer.EndBytes(start);
        encoded.Add(slot.Describe(format, frame.Width, frame.Height, 0, start, length), frame);
    }

    private static void EncodeIds(MessageSlot slot, Percept percept, in Header header, bool inBytes, PerceptionFrame frame, EncodedFrame encoded)
    {
        if (inBytes)
        {
            PlaneConversion.ToBytes(percept.Labels, Begin(slot, header, ImageEncodings.Mono8, frame, encoded));
        }
        else
        {
            PlaneConversion.Copy<ushort>(percept.Labels, Begin(slot, header, ImageEncodings.U16C1, frame, encoded));
        }
    }

    private static bool FitsBytes(Instruction instruction)
    {
        if (instruction is SemanticInstruction { Palette: { } palette })
        {
            for (int i = 0; i < palette.Count; i++)
            {
                if (palette[i].Id >= byte.MaxValue)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
