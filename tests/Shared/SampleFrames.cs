using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Tests.Shared;

/// <summary>Encoded pictures of a tilted plane with labels: what a pipeline hands to a transport.</summary>
internal sealed class SampleFrames
{
    private readonly LeasePool<PerceptionFrame> _frames;
    private readonly MessageEncoder _encoder;
    private readonly int _width, _height;

    public SampleFrames(int width = 32, int height = 24, StreamOptions? options = null)
    {
        (_width, _height) = (width, height);
        _frames = PerceptionFrame.CreatePool(1, width, height);
        _encoder = new MessageEncoder(options ?? new StreamOptions { Color = null, Painting = null }, new MarkedImageEncoder());
    }

    public static LabelPalette Palette { get; } = new([new(0, "background", new(0, 0, 0)), new(1, "table", new(0, 255, 0)), new(2, "cup", new(255, 0, 0))]);

    /// <summary>Capture time of picture 0; each next one is 33 ms later.</summary>
    public static long FirstNs => 1_700_000_000_000_000_000;

    /// <summary>camera_info, label_info, labels, depth, normals, cloud. The caller disposes.</summary>
    public EncodedFrame Encode(long sequence)
    {
        Assert.True(_frames.TryRent(out PerceptionFrame? frame));
        using (frame)
        {
            frame.SequenceNumber = sequence;
            frame.CapturedAt = new CaptureTime(sequence, FirstNs + (sequence * 33_000_000));
            frame.FrameId = "camera_optical";
            frame.Intrinsics = CameraIntrinsics.FromHorizontalFov(_width, _height, 60);
            Percept depth = frame.Add(Instruction.MetricDepth());
            Percept labels = frame.Add(Instruction.Semantic(Palette));
            frame.Add(Instruction.SurfaceNormals()).Normals.Fill(-0.5f);
            Span<CloudPoint> points = frame.AddPoints();
            for (int i = 0; i < points.Length; i++)
            {
                (int v, int u) = Math.DivRem(i, _width);
                float z = u == 0 ? float.NaN : 1f + (v * 0.01f);
                depth.Depth[i] = z;
                labels.Labels[i] = v < _height / 2 ? (ushort)2 : (ushort)1;
                points[i] = new CloudPoint
                {
                    X = (float)((u - frame.Intrinsics.Cx) / frame.Intrinsics.Fx * z),
                    Y = (float)((v - frame.Intrinsics.Cy) / frame.Intrinsics.Fy * z),
                    Z = z,
                    Rgb = 0x00FF8000,
                    Confidence = 1,
                    Label = labels.Labels[i],
                };
            }

            Assert.True(_encoder.TryEncode(frame, out EncodedFrame? encoded));
            return encoded;
        }
    }
}
