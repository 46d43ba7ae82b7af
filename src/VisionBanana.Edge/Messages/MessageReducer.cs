using System.Collections.Immutable;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// Makes messages smaller by leaving out rows and columns: every n-th pixel or point of uncompressed pictures and organised clouds, which stay
/// organised, with nothing averaged or invented. Row and column i of the result are row and column i × stride of the original, so that
/// camera_info holds for it with fx, fy, cx and cy divided by the stride. Compressed data and state cannot be reduced. For one thread at a time.
/// </summary>
public sealed class MessageReducer
{
    /// <summary>The largest stride that is tried; beyond it a picture says too little to be worth sending.</summary>
    public const int MaxStride = 64;

    private readonly CdrWriter _writer = new();
    private byte[] _data = [];

    /// <summary>
    /// The message with the smallest stride from 2 on with which its payload has at most <paramref name="maxPayload"/> bytes, or null when there is none.
    /// The result shares this reducer's buffer: valid until the next call.
    /// </summary>
    /// <param name="message">A message that is too large.</param>
    /// <param name="maxPayload">Bytes.</param>
    /// <param name="stride">The stride that was chosen; 0 when there is none.</param>
    public WireMessage? Reduce(WireMessage message, long maxPayload, out int stride)
    {
        ArgumentNullException.ThrowIfNull(message);
        stride = StrideFor(message, maxPayload);
        if (stride == 0)
        {
            return null;
        }

        try
        {
            int width = Reduced(message.Width, stride), height = Reduced(message.Height, stride);
            ReadOnlyMemory<byte> data = Pick(message, width, height, stride);
            _writer.Begin();
            if (message.Schema == PointCloud2.Schema)
            {
                PointCloud2 cloud = RosMessage.Decode<PointCloud2>(message.Payload);
                (cloud with { Width = (uint)width, Height = (uint)height, RowStep = (uint)(width * message.Step), Data = data }).WriteTo(_writer);
            }
            else
            {
                Image image = RosMessage.Decode<Image>(message.Payload);
                (image with { Width = (uint)width, Height = (uint)height, Step = (uint)(width * message.Step), Data = data }).WriteTo(_writer);
            }

            // Sizes have a fixed place and length in CDR: the data begins where it began.
            return new WireMessage
            {
                Stream = message.Stream,
                Schema = message.Schema,
                Encoding = message.Encoding,
                SequenceNumber = message.SequenceNumber,
                CapturedNs = message.CapturedNs,
                FrameId = message.FrameId,
                Width = width,
                Height = height,
                Step = message.Step,
                DataOffset = message.DataOffset,
                DataLength = data.Length,
                Payload = _writer.Written,
            };
        }
        catch (MessageFormatException)
        {
            // Not what its envelope says: a reader of the whole message reports that.
            stride = 0;
            return null;
        }
    }

    /// <summary>
    /// The calibration of a picture that was reduced: every <paramref name="stride"/>th row and column of it. Null when the message is no calibration.
    /// The result shares this reducer's buffer: valid until the next call.
    /// </summary>
    public WireMessage? ReduceCameraInfo(WireMessage message, int stride)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        if (message.Schema != CameraInfo.Schema)
        {
            return null;
        }

        try
        {
            CameraInfo info = RosMessage.Decode<CameraInfo>(message.Payload);
            int width = Reduced((int)info.Width, stride), height = Reduced((int)info.Height, stride);
            _writer.Begin();
            (info with { Width = (uint)width, Height = (uint)height, K = Divided(info.K, 6, stride), P = Divided(info.P, 8, stride) }).WriteTo(_writer);
            return new WireMessage
            {
                Stream = message.Stream,
                Schema = message.Schema,
                SequenceNumber = message.SequenceNumber,
                CapturedNs = message.CapturedNs,
                FrameId = message.FrameId,
                Width = width,
                Height = height,
                Payload = _writer.Written,
            };
        }
        catch (MessageFormatException)
        {
            return null;
        }
    }

    /// <summary>A matrix whose first rows, which give pixels, are divided.</summary>
    private static ImmutableArray<double> Divided(ImmutableArray<double> matrix, int count, int stride) =>
        [.. matrix.Select((value, i) => i < count ? value / stride : value)];

    private static int StrideFor(WireMessage message, long maxPayload)
    {
        bool grid = message.Schema == Image.Schema || message.Schema == PointCloud2.Schema;
        long pixels = (long)message.Width * message.Height;
        if (!grid || message.IsState || message.Step < 1 || pixels < 2 || pixels * message.Step != message.DataLength ||
            message.DataOffset < 0 || message.DataOffset > message.Payload.Length - message.DataLength)
        {
            return 0;
        }

        long envelope = message.Payload.Length - message.DataLength;
        for (int stride = 2; stride <= MaxStride; stride++)
        {
            if (envelope + ((long)Reduced(message.Width, stride) * Reduced(message.Height, stride) * message.Step) <= maxPayload)
            {
                return stride;
            }
        }

        return 0;
    }

    private static int Reduced(int length, int stride) => (length + stride - 1) / stride;

    private ReadOnlyMemory<byte> Pick(WireMessage message, int width, int height, int stride)
    {
        int step = message.Step, length = width * height * step;
        if (_data.Length < length)
        {
            _data = GC.AllocateUninitializedArray<byte>(length);
        }

        ReadOnlySpan<byte> from = message.Payload.Span.Slice(message.DataOffset, message.DataLength);
        Span<byte> to = _data;
        for (int row = 0; row < height; row++)
        {
            ReadOnlySpan<byte> line = from[(row * stride * message.Width * step)..];
            for (int column = 0; column < width; column++)
            {
                line.Slice(column * stride * step, step).CopyTo(to);
                to = to[step..];
            }
        }

        return _data.AsMemory(0, length);
    }
}
