using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>
/// Average precision of painted objects as COCO computes it: objects of a set in the order of their scores, each matched to the true object of
/// its picture that it overlaps most and that is still free, precision interpolated at 101 recalls.
/// </summary>
internal sealed class InstancePrecision
{
    private static readonly double[] Thresholds = [.. Enumerable.Range(0, 10).Select(i => 0.5 + (0.05 * i))];

    private readonly List<(int Picture, double Score, double[] Overlaps)> _found = [];
    private int _pictures, _truths;

    /// <summary>At an overlap (IoU) of one half; NaN without true objects.</summary>
    public double Ap50 => Average(Thresholds[0]);

    /// <summary>The mean over overlaps of 0.50, 0.55 … 0.95.</summary>
    public double Ap => Statistics.Mean(Thresholds.Select(Average));

    /// <summary>Adds a picture.</summary>
    /// <param name="painted">Ids of painted objects, 0 = background.</param>
    /// <param name="confidence">How sure each pixel is; an object's score is the mean of its pixels.</param>
    /// <param name="truth">Ids of true objects; 0 and <paramref name="support"/> are none, unknown pixels are left out.</param>
    /// <param name="support">The part that is no object.</param>
    public void Add(ReadOnlySpan<ushort> painted, ReadOnlySpan<float> confidence, ReadOnlySpan<ushort> truth, ushort? support)
    {
        var shared = new Dictionary<(ushort Painted, ushort Truth), int>();
        var paintedSizes = new Dictionary<ushort, (int Pixels, double Score)>();
        var truthSizes = new Dictionary<ushort, int>();
        for (int i = 0; i < painted.Length; i++)
        {
            if (truth[i] == LabelPlane.Unknown)
            {
                continue;
            }

            bool isPainted = ObjectOverlap.IsLabelled(painted[i]), isTrue = ObjectOverlap.IsLabelled(truth[i]) && truth[i] != support;
            if (isPainted)
            {
                (int pixels, double score) = paintedSizes.GetValueOrDefault(painted[i]);
                paintedSizes[painted[i]] = (pixels + 1, score + confidence[i]);
            }

            if (isTrue)
            {
                truthSizes[truth[i]] = truthSizes.GetValueOrDefault(truth[i]) + 1;
            }

            if (isPainted && isTrue)
            {
                shared[(painted[i], truth[i])] = shared.GetValueOrDefault((painted[i], truth[i])) + 1;
            }
        }

        ushort[] truths = [.. truthSizes.Keys.Order()];
        foreach ((ushort id, (int pixels, double score)) in paintedSizes)
        {
            double[] overlaps = [.. truths.Select(t => shared.GetValueOrDefault((id, t)) is var both ? both / (double)(pixels + truthSizes[t] - both) : 0)];
            _found.Add((_pictures, score / pixels, overlaps));
        }

        _truths += truths.Length;
        _pictures++;
    }

    private double Average(double threshold)
    {
        if (_truths == 0)
        {
            return double.NaN;
        }

        var taken = new HashSet<(int Picture, int Truth)>();
        var curve = new List<(double Recall, double Precision)>();
        int hits = 0;
        foreach ((int picture, _, double[] overlaps) in _found.OrderByDescending(f => f.Score))
        {
            int best = -1;
            for (int t = 0; t < overlaps.Length; t++)
            {
                if (overlaps[t] >= threshold && !taken.Contains((picture, t)) && (best < 0 || overlaps[t] > overlaps[best]))
                {
                    best = t;
                }
            }

            hits += best >= 0 && taken.Add((picture, best)) ? 1 : 0;
            curve.Add((hits / (double)_truths, hits / (double)(curve.Count + 1)));
        }

        return Enumerable.Range(0, 101).Average(r => curve.Where(c => c.Recall >= (r / 100.0) - 1e-9).Select(c => c.Precision).DefaultIfEmpty(0).Max());
    }
}
