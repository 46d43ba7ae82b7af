using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages.Ros;

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
    private readonly StateMessages _state = new();

    /// <summary>Creates an encoder.</summary>
    /// <exception cref="ConfigurationException">An option is out of its range.</exception>
    public MessageEncoder(StreamOptions options, IImageEncoder images)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(images);
        if (options.Color is { JpegQuality: < 1 or > 100 } color)
        {
            throw new ConfigurationException($"JPEG quality is 1 to 100, found {color.JpegQuality}.");
        }

        if (options.Cloud is { Stride: < 1 } cloud)
        {
            throw new ConfigurationException($"The stride of the cloud is 1 (every point) or more, found {cloud.Stride}.");
        }

        if (options.PoolCapacity < 1)
        {
            throw new ConfigurationException($"At least one encoded picture must fit the pool, found {options.PoolCapacity}.");
        }

        _options = options;
        _images = images;
        _pool = new LeasePool<EncodedFrame>(options.PoolCapacity, pool => new EncodedFrame(pool));
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
        _state.Update(frame, _options.Labels);
        if (_state.CameraInfo is { } cameraInfo && frame.Intrinsics is not null)
        {
            encoded.AddState(cameraInfo);
        }

        if (_state.LabelInfo is { } labelInfo)
        {
            encoded.AddState(labelInfo);
        }

        var header = new Header(Time.FromNanoseconds(frame.CapturedAt.UtcNs), frame.FrameId);
        if (_options.Color is { } color)
        {
            int start = BeginCompressed(encoded.Color, header, ImageEncodings.Jpeg);
            _images.EncodeJpeg(frame.ColorBytes, frame.Width, frame.Height, color.JpegQuality, encoded.Color.Writer);
            EndCompressed(encoded.Color, ImageEncodings.Jpeg, start, frame, encoded);
        }

        Percept? depth = frame.Find(PerceptKind.Depth);
        if (_options.Painting && depth is { PainterGaveValues: false })
        {
            int start = BeginCompressed(encoded.Painting, header, ImageEncodings.Png);
            _images.EncodePng(depth.PaintingBytes, frame.Width, frame.Height, encoded.Painting.Writer);
            EndCompressed(encoded.Painting, ImageEncodings.Png, start, frame, encoded);
        }

        if (_options.Labels && frame.Find(PerceptKind.Labels) is { } labels)
        {
            EncodeIds(encoded.Labels, labels, header, FitsBytes(labels.Instruction), frame, encoded);
        }

        if (_options.Mask && frame.Find(PerceptKind.Mask) is { } mask)
        {
            EncodeIds(encoded.Mask, mask, header, inBytes: true, frame, encoded);
        }

        if (_options.Instances && frame.Find(PerceptKind.Instances) is { } instances)
        {
            EncodeIds(encoded.Instances, instances, header, inBytes: false, frame, encoded);
        }

        if (_options.Depth is { } depthOptions && depth is not null)
        {
            if (depthOptions.Encoding == DepthEncoding.Millimetres)
            {
                DepthImage.ToMillimetres(depth.Depth, MemoryMarshal.Cast<byte, ushort>(Begin(encoded.Depth, header, ImageEncodings.U16C1, frame, encoded)));
            }
            else
            {
                PlaneConversion.Copy<float>(depth.Depth, Begin(encoded.Depth, header, ImageEncodings.F32C1, frame, encoded));
            }
        }

        if (_options.Normals && frame.Find(PerceptKind.Normals) is { } normals)
        {
            PlaneConversion.Copy<float>(normals.Normals, Begin(encoded.Normals, header, ImageEncodings.F32C3, frame, encoded));
        }

        if (_options.Cloud is { } cloud && frame.HasPoints)
        {
            EncodeCloud(encoded.Cloud, header, cloud.Stride, frame, encoded);
        }
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

    private static void EncodeCloud(MessageSlot slot, in Header header, int stride, PerceptionFrame frame, EncodedFrame encoded)
    {
        slot.Writer.Begin();
        int offset = PointCloud2.Write(slot.Writer, header, frame.Points, frame.Width, frame.Height, stride);
        int columns = (frame.Width + stride - 1) / stride, rows = (frame.Height + stride - 1) / stride;
        const int Step = Geometry.CloudPoint.ByteSize;
        encoded.Add(slot.Describe(ImageEncodings.Points, columns, rows, Step, offset, columns * rows * Step), frame);
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
