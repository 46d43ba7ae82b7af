using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>Everything that is measured on the depth of one picture.</summary>
internal sealed record PictureFigures
{
    /// <summary>The picture.</summary>
    public required DatasetPicture Picture { get; init; }

    /// <summary>Over all measured pixels that got a depth.</summary>
    public required DepthFigures Depth { get; init; }

    /// <summary>The share of measured pixels that got a depth.</summary>
    public required double Coverage { get; init; }

    public required double ConfidenceAuc { get; init; }

    public required double ConfidenceAucAligned { get; init; }

    public required double Delta1Edges { get; init; }

    public required double Delta1EdgesAligned { get; init; }

    /// <summary>What the training set's mean depth at each pixel would have said; null when it was not given.</summary>
    public DepthFigures? MeanDepth { get; init; }

    /// <summary>Measures a picture; null when none of the measured pixels got a depth.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="painted">The depth that was painted.</param>
    /// <param name="truth">Metres; NaN = not measured.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="meanDepth">A depth for each pixel that knows nothing of the picture; may be empty.</param>
    /// <param name="confidence">Counts the pixels of the whole set.</param>
    public static PictureFigures? Of(DatasetPicture picture, Percept painted, float[] truth, int width, float[] meanDepth, ConfidenceFigures confidence)
    {
        float[] depth = painted.Depth.ToArray(), sure = painted.Confidence.ToArray();
        int[] measured = [.. Enumerable.Range(0, truth.Length).Where(i => float.IsFinite(truth[i]))];
        int[] given = [.. measured.Where(i => !float.IsNaN(depth[i]))];
        if (given.Length == 0)
        {
            return null;
        }

        float[] p = [.. given.Select(i => depth[i])], t = [.. given.Select(i => truth[i])], c = [.. given.Select(i => sure[i])];
        var figures = DepthFigures.Of(p, t);
        double scale = Math.Exp(-figures.LogScale);
        bool[] right = [.. p.Zip(t, (a, b) => DepthFigures.IsRight(DepthFigures.Clamp(a), b))];
        bool[] rightAligned = [.. p.Zip(t, (a, b) => DepthFigures.IsRight(DepthFigures.Clamp(a) * scale, b))];
        for (int i = 0; i < given.Length; i++)
        {
            double metres = DepthFigures.Clamp(p[i]);
            confidence.Add(c[i], DepthFigures.RelativeError(metres, t[i]), DepthFigures.RelativeError(metres * scale, t[i]), 1.0 / given.Length);
        }

        bool[] near = DepthEdges.Near(truth, width);
        int[] edge = [.. Enumerable.Range(0, given.Length).Where(i => near[given[i]])];
        int[] mean = meanDepth.Length == 0 ? [] : [.. measured.Where(i => meanDepth[i] > 0)];
        return new PictureFigures
        {
            Picture = picture,
            Depth = figures,
            Coverage = given.Length / (double)measured.Length,
            ConfidenceAuc = ConfidenceRanking.Auc(c, right),
            ConfidenceAucAligned = ConfidenceRanking.Auc(c, rightAligned),
            Delta1Edges = Share(edge, right),
            Delta1EdgesAligned = Share(edge, rightAligned),
            MeanDepth = mean.Length == 0 ? null : DepthFigures.Of([.. mean.Select(i => meanDepth[i])], [.. mean.Select(i => truth[i])]),
        };
    }

    private static double Share(int[] pixels, bool[] isRight) => pixels.Length == 0 ? double.NaN : pixels.Count(i => isRight[i]) / (double)pixels.Length;
}
