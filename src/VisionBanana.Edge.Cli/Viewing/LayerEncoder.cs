using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>Turns planes of a frame into layers. Called by one thread at a time.</summary>
internal sealed class LayerEncoder(IImageEncoder images)
{
    private const int JpegQuality = 85;

    private float[] _scaled = [];

    /// <summary>Whether a frame has what a layer is made of.</summary>
    public static bool Has(PerceptionFrame frame, LayerKind kind) => kind switch
    {
        LayerKind.Color => true,
        LayerKind.Rays => frame.Intrinsics is not null,
        LayerKind.Painting => frame.Find(PerceptKind.Depth) is { PainterGaveValues: false },
        _ => frame.Find(KindOf(kind)) is not null,
    };

    /// <summary>Fills a layer; the frame has what it needs.</summary>
    public void Encode(PerceptionFrame frame, LayerKind kind, ViewLayer layer)
    {
        layer.Begin(frame.SequenceNumber);
        int pixels = frame.Width * frame.Height;
        switch (kind)
        {
            case LayerKind.Color:
                images.EncodeJpeg(frame.ColorBytes, frame.Width, frame.Height, JpegQuality, layer);
                break;
            case LayerKind.Rays:
                Rays(frame.Intrinsics!, MemoryMarshal.Cast<byte, float>(layer.Fill(pixels * 8)));
                break;
            case LayerKind.Depth:
                DepthImage.ToMillimetres(frame.Find(PerceptKind.Depth)!.Depth, MemoryMarshal.Cast<byte, ushort>(layer.Fill(pixels * 2)));
                break;
            case LayerKind.Confidence:
                Confidence(frame.Find(PerceptKind.Depth)!.Confidence, layer.Fill(pixels));
                break;
            case LayerKind.Painting:
                frame.Find(PerceptKind.Depth)!.PaintingBytes.CopyTo(layer.Fill(pixels * 3));
                break;
            case LayerKind.Normals:
                NormalCodec.Encode(frame.Find(PerceptKind.Normals)!.Normals, MemoryMarshal.Cast<byte, Rgb24>(layer.Fill(pixels * 3)));
                break;
            default:
                MemoryMarshal.AsBytes(frame.Find(KindOf(kind))!.Labels).CopyTo(layer.Fill(pixels * 2));
                break;
        }
    }

    private static PerceptKind KindOf(LayerKind kind) => kind switch
    {
        LayerKind.Labels => PerceptKind.Labels,
        LayerKind.Instances => PerceptKind.Instances,
        LayerKind.Mask => PerceptKind.Mask,
        LayerKind.Normals => PerceptKind.Normals,
        _ => PerceptKind.Depth,
    };

    private static void Rays(CameraIntrinsics camera, Span<float> slopes)
    {
        for (int y = 0, i = 0; y < camera.Height; y++)
        {
            for (int x = 0; x < camera.Width; x++, i += 2)
            {
                (double slopeX, double slopeY) = camera.Unproject(x, y);
                (slopes[i], slopes[i + 1]) = ((float)slopeX, (float)slopeY);
            }
        }
    }

    private void Confidence(ReadOnlySpan<float> confidence, Span<byte> bytes)
    {
        if (_scaled.Length != confidence.Length)
        {
            _scaled = new float[confidence.Length];
        }

        TensorPrimitives.Multiply(confidence, 255f, _scaled);
        TensorPrimitives.ConvertSaturating<float, byte>(_scaled, bytes);
    }
}
