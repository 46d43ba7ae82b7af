using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Tests.Bundled;

/// <summary>A dataset of real pictures with measured depth, rectified to what a painter sees.</summary>
internal sealed class RealPictures
{
    private readonly string _folder;
    private readonly CameraIntrinsics _source;
    private readonly CameraIntrinsics _target;
    private readonly Rectifier _rectifier;
    private readonly LeasePool<CameraFrame> _pictures;

    public RealPictures(string folder, OnnxPainter painter)
    {
        _folder = folder;
        _source = CameraInfoYaml.Read(Path.Combine(folder, "camera.yaml"));
        _target = PaintedCamera.For(_source, painter.Description.Width, painter.Description.Height, painter.Description.HorizontalFovDegrees)!;
        _rectifier = Rectifier.Create(_source, _target, PixelFormat.Bgr8);
        _pictures = CameraFrame.CreatePool(1, _source.Width, _source.Height, PixelFormat.Bgr8);
        Names = [.. Directory.GetFiles(Path.Combine(folder, "rgb")).Select(p => Path.GetFileNameWithoutExtension(p)!).Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The picture as the painter sees it.</summary>
    public PerceptionFrame Read(string name)
    {
        using Mat bgr = Cv2.ImRead(Directory.GetFiles(Path.Combine(_folder, "rgb"), name + ".*").Single(), ImreadModes.Color);
        Assert.True(_pictures.TryRent(out CameraFrame? picture));
        CopyTo(bgr, picture.Pixels);
        Assert.True(PerceptionFrame.CreatePool(1, _target.Width, _target.Height).TryRent(out PerceptionFrame? frame));
        _rectifier.Apply(picture, frame);
        picture.Dispose();
        return frame;
    }

    /// <summary>The measured depth in metres of each painted pixel, NaN = not measured. Depth along the axis does not change by rectifying.</summary>
    public float[] ReadDepth(string name)
    {
        using Mat millimetres = Cv2.ImRead(Path.Combine(_folder, "depth", name + ".png"), ImreadModes.Unchanged);
        Assert.Equal(MatType.CV_16UC1, millimetres.Type());
        var depth = new float[_target.Width * _target.Height];
        Array.Fill(depth, float.NaN);
        for (int y = 0; y < _target.Height; y++)
        {
            for (int x = 0; x < _target.Width; x++)
            {
                int sx = (int)Math.Round((_source.Fx * (x - _target.Cx) / _target.Fx) + _source.Cx);
                int sy = (int)Math.Round((_source.Fy * (y - _target.Cy) / _target.Fy) + _source.Cy);
                if (sx >= 0 && sy >= 0 && sx < millimetres.Width && sy < millimetres.Height && millimetres.At<ushort>(sy, sx) is > 0 and var measured)
                {
                    depth[(y * _target.Width) + x] = measured / 1000f;
                }
            }
        }

        return depth;
    }

    private static unsafe void CopyTo(Mat mat, Span<byte> pixels)
    {
        Assert.True(mat.IsContinuous() && mat.Total() * 3 == pixels.Length);
        new ReadOnlySpan<byte>((void*)mat.Data, pixels.Length).CopyTo(pixels);
    }
}
