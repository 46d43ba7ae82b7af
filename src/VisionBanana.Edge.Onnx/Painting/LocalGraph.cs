using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using VisionBanana.Edge.Onnx.Sessions;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>A graph that a session of this process runs. The session stays its owner's.</summary>
internal sealed class LocalGraph(PooledSession pooled) : IGraphEngine
{
    public GraphBinding Bind(TensorMemory memory) => new(pooled.Session.CreateIoBinding(), memory);

    public void Run(GraphBinding binding, int shape) => pooled.Run(binding.Native!, shape);

    public (TensorElementType Type, int Rank) InputOf(string name)
    {
        NodeMetadata metadata = pooled.Session.InputMetadata[name];
        return (metadata.ElementDataType, metadata.Dimensions.Length);
    }

    public (TensorElementType Type, long[] Shape) OutputOf(IReadOnlyList<(string Name, BoundTensor Tensor)> inputs, string output)
    {
        using IDisposableReadOnlyCollection<OrtValue> values = pooled.RunOnce(
            [.. inputs.Select(i => i.Name)], [.. inputs.Select(i => i.Tensor.Value)], [output]);
        OrtTensorTypeAndShapeInfo info = values[0].GetTensorTypeAndShape();
        return (info.ElementDataType, info.Shape);
    }
}
