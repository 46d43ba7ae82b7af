namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>
/// The mean error of what is left when the least trusted pixels of a whole set are taken away. Every picture weighs the same, so that the mean of
/// all of them is the mean over pictures. Trust is counted in steps of 1/4096: the memory does not grow with the set.
/// </summary>
internal sealed class Sparsification
{
    private const int Steps = 4096;

    private readonly double[] _weights = new double[Steps + 1];
    private readonly double[] _errors = new double[Steps + 1];

    /// <summary>Counts one pixel.</summary>
    /// <param name="trust">From 0 to 1.</param>
    /// <param name="error">Its error.</param>
    /// <param name="weight">1 / pixels of its picture.</param>
    public void Add(double trust, double error, double weight)
    {
        int step = (int)Math.Round(Math.Clamp(trust, 0, 1) * Steps);
        _weights[step] += weight;
        _errors[step] += error * weight;
    }

    /// <summary>The mean error of the most trusted part. Of pixels that are trusted alike as many stay as there is room for. NaN for an empty set.</summary>
    /// <param name="share">The part that stays, from 0 to 1.</param>
    public double Mean(double share)
    {
        double room = share * _weights.Sum(), weight = 0, errors = 0;
        for (int step = Steps; step >= 0 && room > weight; step--)
        {
            double part = _weights[step] == 0 ? 0 : Math.Min(1, (room - weight) / _weights[step]);
            weight += part * _weights[step];
            errors += part * _errors[step];
        }

        return errors / weight;
    }
}
