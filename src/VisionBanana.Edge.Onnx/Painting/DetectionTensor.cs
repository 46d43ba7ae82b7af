using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>
/// Reads objects from a detector's tensor in either of its forms (<see cref="OutputKind.InstanceMasks"/>). Which one it is follows from the sizes: rows of
/// 4 + 2 + K numbers, or columns of 4 + C + K, with the K of the prototypes and the C of the manifest's classes.
/// </summary>
internal sealed class DetectionTensor
{
    private const int Box = 4, ScoreAndClass = 2;

    private readonly int _rows, _columns, _coefficients, _classes;
    private readonly bool _isDecided;
    private readonly float _minScore, _maxOverlap;

    /// <param name="manifest">The model.</param>
    /// <param name="shape">Of the tensor.</param>
    /// <param name="coefficients">K.</param>
    /// <exception cref="ModelContractException">The sizes fit neither form.</exception>
    public DetectionTensor(ModelManifest manifest, long[] shape, int coefficients)
    {
        (_rows, _columns, _coefficients) = ((int)shape[1], (int)shape[2], coefficients);
        _classes = _rows - Box - coefficients;
        _isDecided = _columns == Box + ScoreAndClass + coefficients;
        int last = manifest.Classes.Max(c => c.Id);
        if (!_isDecided && _classes <= last)
        {
            throw new ModelContractException(
                $"{manifest.Name}: expected output '{manifest.Output.Tensor}' to be [1,N,{Box + ScoreAndClass + coefficients}] (corners, score, class, "
                    + $"{coefficients} coefficients) "
                + $"or [1,{Box + last + 1 + coefficients} or more,N] (centre, size, a score for each class, coefficients), found [1,{_rows},{_columns}]; "
                    + $"correct output or classes.");
        }

        (_minScore, _maxOverlap) = ((float)manifest.Output.MinScore, (float)manifest.Output.MaxOverlap);
    }

    /// <summary>The objects of a class, best first.</summary>
    public void Read(ReadOnlySpan<float> tensor, int classId, List<DetectedObject> objects)
    {
        objects.Clear();
        for (int i = 0; i < (_isDecided ? _rows : _columns); i++)
        {
            if ((_isDecided ? Decided(tensor, i) : Raw(tensor, i)) is { } found && found.ClassId == classId && found.Score >= _minScore)
            {
                objects.Add(found);
            }
        }

        objects.Sort(static (a, b) => b.Score.CompareTo(a.Score));
        if (!_isDecided)
        {
            RemoveOverlaps(objects);
        }
    }

    private DetectedObject? Decided(ReadOnlySpan<float> tensor, int row)
    {
        ReadOnlySpan<float> of = tensor.Slice(row * _columns, _columns);
        return of[4] > 0 && of[5] is >= 0 and < ushort.MaxValue
            ? new DetectedObject(of[0], of[1], of[2], of[3], of[4], (int)(of[5] + 0.5f), (row * _columns) + Box + ScoreAndClass, 1)
            : null;
    }

    private DetectedObject? Raw(ReadOnlySpan<float> tensor, int column)
    {
        int best = 0;
        for (int c = 1; c < _classes; c++)
        {
            best = tensor[((Box + c) * _columns) + column] > tensor[((Box + best) * _columns) + column] ? c : best;
        }

        float score = tensor[((Box + best) * _columns) + column];
        if (!(score >= _minScore))
        {
            return null;
        }

        float x = tensor[column], y = tensor[_columns + column], w = tensor[(2 * _columns) + column] / 2, h = tensor[(3 * _columns) + column] / 2;
        return new DetectedObject(x - w, y - h, x + w, y + h, score, best, ((Box + _classes) * _columns) + column, _columns);
    }

    private void RemoveOverlaps(List<DetectedObject> objects)
    {
        for (int i = 0; i < objects.Count; i++)
        {
            for (int k = objects.Count - 1; k > i; k--)
            {
                if (objects[i].Overlap(objects[k]) > _maxOverlap)
                {
                    objects.RemoveAt(k);
                }
            }
        }
    }
}
