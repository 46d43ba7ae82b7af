namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>Intersection and union of painted and true labels, over all pixels of a set.</summary>
internal sealed class ClassOverlap
{
    private readonly Dictionary<string, (long Both, long Either, long True)> _counts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds pixels with a known truth.</summary>
    /// <param name="painted">The name of the painted class; null = undecided.</param>
    /// <param name="truth">The name of the true class.</param>
    public void Add(string? painted, string truth)
    {
        bool right = string.Equals(painted, truth, StringComparison.OrdinalIgnoreCase);
        (long both, long either, long true_) = _counts.GetValueOrDefault(truth);
        _counts[truth] = (both + (right ? 1 : 0), either + 1, true_ + 1);
        if (!right && painted is not null)
        {
            (both, either, true_) = _counts.GetValueOrDefault(painted);
            _counts[painted] = (both, either + 1, true_);
        }
    }

    /// <summary>IoU of every class that the truth holds, by name.</summary>
    public SortedDictionary<string, double> Iou() =>
        new(_counts.Where(c => c.Value.True > 0).ToDictionary(c => c.Key, c => c.Value.Both / (double)c.Value.Either), StringComparer.Ordinal);
}
