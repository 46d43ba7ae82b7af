using Microsoft.ML.OnnxRuntime.Tensors;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>What a graph of plain tensors takes beside the picture: constants, and the ray of every pixel.</summary>
internal sealed class FurtherInputs : IDisposable
{
    private readonly List<(string Name, BoundTensor Tensor)> _all = [];
    private readonly TensorMemory _memory;
    private readonly PinnedTensor<float>? _rays;
    private readonly int _width, _height;
    private CameraIntrinsics? _camera;

    public FurtherInputs(ModelManifest manifest, IGraphEngine engine, TensorMemory memory)
    {
        _memory = memory;
        (_width, _height) = (manifest.Input.Width, manifest.Input.Height);
        foreach (ModelConstant constant in manifest.Input.Constants)
        {
            (TensorElementType type, int rank) = engine.InputOf(constant.Tensor);
            long[] shape = rank == 0 ? [] : [1];
            BoundTensor tensor = type == TensorElementType.Int64
                ? Keep(shape, (long)constant.Value)
                : Keep(shape, (float)constant.Value);
            _all.Add((constant.Tensor, tensor));
        }

        if (manifest.Input.Rays is { } name)
        {
            _rays = memory.Create<float>([1, 3, _height, _width]);

            // Until a camera is set every ray looks ahead, for the trial run.
            _rays.Span[(2 * _width * _height)..].Fill(1);
            _all.Add((name, _rays));
        }
    }

    /// <summary>Names and tensors.</summary>
    public IReadOnlyList<(string Name, BoundTensor Tensor)> All => _all;

    /// <summary>Fills the rays of a pinhole: unit vectors in the optical frame. Once for each camera.</summary>
    public void SetCamera(CameraIntrinsics? camera)
    {
        if (_rays is null || ReferenceEquals(camera, _camera))
        {
            return;
        }

        _camera = camera;
        Span<float> rays = _rays.Span;
        rays.Clear();
        int pixels = _width * _height;
        for (int i = 0; camera is not null && i < pixels; i++)
        {
            double x = ((i % _width) - camera.Cx) / camera.Fx, y = ((i / _width) - camera.Cy) / camera.Fy, length = Math.Sqrt((x * x) + (y * y) + 1);
            rays[i] = (float)(x / length);
            rays[pixels + i] = (float)(y / length);
            rays[(2 * pixels) + i] = (float)(1 / length);
        }
    }

    public void Dispose() => _all.ForEach(t => t.Tensor.Dispose());

    private PinnedTensor<T> Keep<T>(long[] shape, T value)
        where T : unmanaged
    {
        PinnedTensor<T> tensor = _memory.Create<T>(shape);
        tensor.Span[0] = value;
        return tensor;
    }
}
