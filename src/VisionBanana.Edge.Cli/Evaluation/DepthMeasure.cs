using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>Depth and its scale. Figures are means over pictures; the surest pixels are those of the whole set.</summary>
internal sealed class DepthMeasure(Dataset dataset, EvalOptions options) : TaskMeasure(PerceptKind.Depth)
{
    private const int MostBaselinePixels = 30_000;

    private readonly List<PictureFigures> _figures = [];
    private readonly List<float[]> _truths = [];
    private readonly ConfidenceFigures _confidence = new();
    private readonly SequenceMeter? _sequence = options.IsSequence ? new SequenceMeter() : null;
    private int _anchored;

    /// <summary>AbsRel of every measured picture.</summary>
    public IReadOnlyDictionary<DatasetPicture, double> AbsRel => _figures.ToDictionary(f => f.Picture, f => f.Depth.AbsRel);

    public override Instruction? Question(IPainter painter, Dataset dataset) => When(painter, Instruction.MetricDepth);

    public override void Add(Percept painted, MeasuredPicture picture)
    {
        float[] truth = picture.Truth.Depth;
        _truths.Add(Thinned([.. truth.Where(float.IsFinite)]));
        if (PictureFigures.Of(picture.Picture, painted, truth, picture.Frame.Width, options.MeanDepth, _confidence) is { } figures)
        {
            _figures.Add(figures);
            _sequence?.Add(figures.Depth.LogScale, picture.Frame.Scale);
            _anchored += picture.Frame.Scale.Anchors.Count > 0 ? 1 : 0;
        }
    }

    public override EvalReport AddTo(EvalReport report)
    {
        report = report with
        {
            Anchored = options.Anchors.Count > 0 || options.IsSequence ? _anchored : null,
            Sequence = _sequence?.Figures(),
        };
        return _figures.Count == 0 ? report : AddFigures(report);
    }

    private EvalReport AddFigures(EvalReport report)
    {
        double Mean(Func<PictureFigures, double> figure) => Statistics.Mean(_figures.Select(figure));
        var baseline = new ConstantBaseline(_truths);
        double[] scales = [.. _figures.Select(f => f.Depth.LogScale)];
        return report with
        {
            Coverage = Mean(f => f.Coverage),
            Delta1 = Mean(f => f.Depth.Delta1),
            AbsRel = Mean(f => f.Depth.AbsRel),
            Rmse = Mean(f => f.Depth.Rmse),
            Delta1Aligned = Mean(f => f.Depth.Delta1Aligned),
            AbsRelAligned = Mean(f => f.Depth.AbsRelAligned),
            ConstantM = baseline.Metres,
            Delta1Baseline = baseline.Delta1,
            AbsRelBaseline = baseline.AbsRel,
            Delta1AlignedBaseline = baseline.Delta1Aligned,
            AbsRelAlignedBaseline = baseline.AbsRelAligned,
            Delta1MeanDepth = Mean(f => f.MeanDepth?.Delta1 ?? double.NaN),
            AbsRelMeanDepth = Mean(f => f.MeanDepth?.AbsRel ?? double.NaN),
            Delta1AlignedMeanDepth = Mean(f => f.MeanDepth?.Delta1Aligned ?? double.NaN),
            AbsRelAlignedMeanDepth = Mean(f => f.MeanDepth?.AbsRelAligned ?? double.NaN),
            LogScale = Statistics.Mean(scales),
            DepthScaleDoubt = DepthScaleDoubt.Of(Statistics.Mean(scales), dataset.Settings),
            LogScaleSpread = Statistics.Deviation(scales),
            AbsRelConfident90 = _confidence.AbsRel,
            AbsRelAlignedConfident90 = _confidence.AbsRelAligned,
            AbsRelBest90 = _confidence.BestAbsRel,
            AbsRelAlignedBest90 = _confidence.BestAbsRelAligned,
            ConfidenceAuc = Mean(f => f.ConfidenceAuc),
            ConfidenceAucAligned = Mean(f => f.ConfidenceAucAligned),
            Delta1Edges = Mean(f => f.Delta1Edges),
            Delta1EdgesAligned = Mean(f => f.Delta1EdgesAligned),
        };
    }

    /// <summary>Evenly spread pixels: large pictures of large sets would fill the memory for a baseline that does not need them all.</summary>
    private static float[] Thinned(float[] values)
    {
        int step = ((values.Length - 1) / MostBaselinePixels) + 1;
        return step == 1 ? values : [.. values.Where((_, i) => i % step == 0)];
    }
}
