using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>Finds the sizes of outputs that a graph leaves open, by one run on the inputs as they are.</summary>
internal sealed class OutputProbe(ModelManifest manifest, IGraphEngine engine, IReadOnlyList<(string Name, BoundTensor Tensor)> inputs, TensorMemory memory)
{
    /// <summary>A tensor for an output [1,h,w] or [1,1,h,w], and how it comes to the picture's size.</summary>
    public (PinnedTensor<float> Tensor, NearestResize Resize) PlaneOf(string name)
    {
        long[] shape = ShapeOf(name);
        if (shape is not ([1, > 0, > 0] or [1, 1, > 0, > 0]))
        {
            throw Unexpected(name, "[1,h,w] or [1,1,h,w]", shape);
        }

        return (memory.Create<float>(shape), ResizeFrom(shape));
    }

    /// <summary>A tensor for an output [1,C,h,w] with at least so many channels, padded, and how its planes come to the picture's size.</summary>
    public (PinnedTensor<float> Tensor, int Channels, int Pixels, NearestResize Resize) ChannelsOf(string name, int least, int padding)
    {
        long[] shape = ShapeOf(name);
        if (shape is not [1, > 0, > 0, > 0] || shape[1] < least)
        {
            throw Unexpected(name, $"[1,C,h,w] with at least {least} channels", shape);
        }

        return (memory.Create<float>(shape, padding), (int)shape[1], checked((int)(shape[2] * shape[3])), ResizeFrom(shape));
    }

    /// <summary>A tensor for an output [1,3,h,w] or [1,h,w,3], its size and layout, and how its planes come to the picture's size.</summary>
    public (PinnedTensor<float> Tensor, int Width, int Height, bool IsInterleaved, NearestResize Resize) PointsOf(string name)
    {
        long[] shape = ShapeOf(name);
        if (shape is not ([1, > 0, > 0, 3] or [1, 3, > 0, > 0]))
        {
            throw Unexpected(name, "[1,3,h,w] or [1,h,w,3]", shape);
        }

        bool interleaved = shape[3] == 3;
        (int width, int height) = interleaved ? ((int)shape[2], (int)shape[1]) : ((int)shape[3], (int)shape[2]);
        return (memory.Create<float>(shape), width, height, interleaved, new NearestResize(width, height, manifest.Input.Width, manifest.Input.Height));
    }

    /// <summary>A tensor for an output of any fixed shape with so many dimensions, the first of them 1.</summary>
    public (PinnedTensor<float> Tensor, long[] Shape) TensorOf(string name, int rank)
    {
        long[] shape = ShapeOf(name);
        return shape.Length == rank && shape[0] == 1 && shape.All(d => d > 0)
            ? (memory.Create<float>(shape), shape)
            : throw Unexpected(name, $"[1{string.Concat(Enumerable.Repeat(",n", rank - 1))}]", shape);
    }

    /// <summary>A tensor for an output of one number, [] or [1].</summary>
    public PinnedTensor<float> NumberOf(string name)
    {
        long[] shape = ShapeOf(name);
        return shape is [] or [1] ? memory.Create<float>(shape) : throw Unexpected(name, "one number, [] or [1]", shape);
    }

    private NearestResize ResizeFrom(long[] shape) => new((int)shape[^1], (int)shape[^2], manifest.Input.Width, manifest.Input.Height);

    private long[] ShapeOf(string name)
    {
        try
        {
            (TensorElementType type, long[] shape) = engine.OutputOf(inputs, name);
            return type == TensorElementType.Float
                ? shape
                : throw new ModelContractException(
                    $"{manifest.Name}: expected output '{name}' to be float, found {type}; export it with float inputs and outputs.");
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelContractException(
                $"{manifest.Name}: the graph does not run on a picture of {manifest.Input.Width}×{manifest.Input.Height}: {e.Message.Trim()}", e);
        }
    }

    private ModelContractException Unexpected(string name, string expected, long[] shape)
    {
        string found = string.Join(',', shape.Select(d => d.ToString(CultureInfo.InvariantCulture)));
        return new ModelContractException($"{manifest.Name}: expected output '{name}' to be {expected}, "
            + $"found [{found}]; correct output.kind or export the graph anew.");
    }
}
