using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>How steady the scale of a clip is, as painted and as it is given out.</summary>
internal sealed class SequenceMeter
{
    private const double Settled = 0.05;

    private readonly List<List<(double Painted, double Given)>> _scenes = [];

    /// <summary>Adds the next picture.</summary>
    /// <param name="logScale">log(median depth given / median true).</param>
    /// <param name="scale">How it was scaled.</param>
    public void Add(double logScale, ScaleEstimate scale)
    {
        if (scale.IsSceneNew || _scenes.Count == 0)
        {
            _scenes.Add([]);
        }

        _scenes[^1].Add((logScale - Math.Log(scale.Factor), logScale));
    }

    public SequenceFigures Figures()
    {
        return new SequenceFigures(
            _scenes.Sum(s => s.Count),
            _scenes.Count,
            Spread(p => p.Painted),
            Spread(p => p.Given),
            Step(p => p.Painted),
            Step(p => p.Given),
            Statistics.Mean(_scenes.Skip(1).Select(s => (double)Lag(s))));
    }

    /// <summary>The standard deviation within scenes.</summary>
    private double Spread(Func<(double Painted, double Given), double> of) => Math.Sqrt(Statistics.Mean(_scenes.Where(s => s.Count > 1).SelectMany(s =>
    {
        double mean = s.Average(of);
        return s.Select(p => (of(p) - mean) * (of(p) - mean));
    })));

    private double Step(Func<(double Painted, double Given), double> of) =>
        Statistics.Mean(_scenes.SelectMany(s => s.Zip(s.Skip(1), (a, b) => Math.Abs(of(b) - of(a)))));

    private static int Lag(List<(double Painted, double Given)> scene)
    {
        double end = Statistics.Median([.. scene.Select(p => (float)p.Given)]);
        int first = scene.FindIndex(p => Math.Abs(p.Given - end) < Settled);
        return Math.Max(first, 0);
    }
}
