namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>What a painter says about the same scene at another focal length.</summary>
/// <param name="Factor">Above 1: a centre crop, with its intrinsics. Below 1: the whole picture scaled down.</param>
/// <param name="Mode">
/// <c>as_run</c>: through the SDK, as a user gets it. <c>enlarged</c>, for painters with a field of view of their own: the crop shown as if it
/// filled that view and its depth multiplied with the ratio of the focal lengths — the test that <c>uses_focal: true</c> asks of a model.
/// </param>
/// <param name="LogRatioMedian">Median over pictures of each picture's median of log(depth of the zoomed picture / depth of the whole one) at the same
/// points.</param>
/// <param name="LogRatioSpread">Standard deviation of the pictures' medians.</param>
/// <param name="AbsRel">AbsRel of the zoomed pictures.</param>
/// <param name="Delta1">δ1 of the zoomed pictures.</param>
internal sealed record ZoomFigures(double Factor, string Mode, double LogRatioMedian, double LogRatioSpread, double AbsRel, double Delta1);
