using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>
/// The geometry input, [1,5,H,W]: inverse depth of the support plane in 1/m, whether the ray meets it, and the up vector in the optical frame;
/// zeros where unknown. Depth here is what the graph predicts: metres times f_c / f. Filled when something changes, which for a mounted camera is once.
/// </summary>
internal sealed class GeometryTensor(TensorMemory memory, int width, int height) : IDisposable
{
    // The range that painters are trained with: a plane beyond 25 m tells nothing, one nearer than 1/8 m is as near as can be.
    private const double FarthestM = 25, LargestInverse = 8;

    private SupportPlane? _support;
    private CameraIntrinsics? _camera;
    private float _focalRatio;

    public PinnedTensor<float> Tensor { get; } = memory.Create<float>([1, 5, height, width]);

    public void Set(SupportPlane? support, CameraIntrinsics? camera, float focalRatio)
    {
        if (ReferenceEquals(support, _support) && ReferenceEquals(camera, _camera) && focalRatio.Equals(_focalRatio))
        {
            return;
        }

        (_support, _camera, _focalRatio) = (support, camera, focalRatio);
        Span<float> values = Tensor.Span;
        if (support is null || camera is null)
        {
            values.Clear();
            return;
        }

        int pixels = width * height;
        Span<float> inverse = values[..pixels], isKnown = values.Slice(pixels, pixels);
        for (int y = 0, i = 0; y < height; y++)
        {
            double slopeY = (y - camera.Cy) / camera.Fy;
            for (int x = 0; x < width; x++, i++)
            {
                double value = support.InverseDepthAt((x - camera.Cx) / camera.Fx, slopeY) * focalRatio;
                bool meets = value > 1 / FarthestM;
                inverse[i] = meets ? (float)Math.Min(value, LargestInverse) : 0;
                isKnown[i] = meets ? 1 : 0;
            }
        }

        values.Slice(2 * pixels, pixels).Fill((float)support.UpX);
        values.Slice(3 * pixels, pixels).Fill((float)support.UpY);
        values.Slice(4 * pixels, pixels).Fill((float)support.UpZ);
    }

    public void Dispose() => Tensor.Dispose();
}
