using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>Labelled objects against everything else: the largest labelled part of a picture is the support that the others stand on.</summary>
internal sealed class ObjectOverlap
{
    private long _both, _either;

    /// <summary>IoU of painted and true objects over all pixels added; NaN without any.</summary>
    public double Iou => _either == 0 ? double.NaN : _both / (double)_either;

    /// <summary>The id of the support, or null when nothing is labelled.</summary>
    public static ushort? SupportOf(ReadOnlySpan<ushort> labels)
    {
        var sizes = new Dictionary<ushort, int>();
        foreach (ushort id in labels)
        {
            if (IsLabelled(id))
            {
                sizes[id] = sizes.GetValueOrDefault(id) + 1;
            }
        }

        return sizes.Count == 0 ? null : sizes.MaxBy(s => s.Value).Key;
    }

    /// <summary>True for ids that stand for a part of the scene.</summary>
    public static bool IsLabelled(ushort id) => id is not (0 or LabelPlane.Unknown);

    public void Add(bool isPainted, bool isTrue)
    {
        _both += isPainted && isTrue ? 1 : 0;
        _either += isPainted || isTrue ? 1 : 0;
    }
}
