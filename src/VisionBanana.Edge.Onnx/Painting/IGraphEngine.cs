using Microsoft.ML.OnnxRuntime.Tensors;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>What runs a graph for a runner: a session here, or a server.</summary>
internal interface IGraphEngine
{
    /// <summary>Makes a way of running the graph, without tensors yet.</summary>
    GraphBinding Bind(TensorMemory memory);

    /// <summary>Runs on what is bound, when the device is free; <paramref name="shape"/> numbers bindings whose shapes differ.</summary>
    void Run(GraphBinding binding, int shape);

    /// <summary>Element type and dimensions of an input.</summary>
    (TensorElementType Type, int Rank) InputOf(string name);

    /// <summary>Element type and shape of an output, found by one run.</summary>
    /// <param name="inputs">What it runs on.</param>
    /// <param name="output">Its name.</param>
    (TensorElementType Type, long[] Shape) OutputOf(IReadOnlyList<(string Name, BoundTensor Tensor)> inputs, string output);
}
