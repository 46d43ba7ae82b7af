using System.Globalization;

namespace VisionBanana.Edge.Cli.Percepts;

/// <summary>What <c>infer</c> tells about one picture.</summary>
/// <param name="Image">The picture.</param>
/// <param name="Width">Pixels per row of the results.</param>
/// <param name="Height">Rows of the results.</param>
/// <param name="DepthM">Median of the finite depths in metres; NaN without depth.</param>
/// <param name="Points">Finite points of the cloud.</param>
/// <param name="Labels">Share of the pixels by class, for classes that cover any.</param>
/// <param name="Files">What was written.</param>
internal sealed record InferResult(
    string Image, int Width, int Height, double DepthM, int Points, IReadOnlyDictionary<string, double> Labels, IReadOnlyList<string> Files)
{
    public override string ToString()
    {
        string labels = string.Join(
            ", ", Labels.OrderByDescending(l => l.Value).Take(5).Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key} {l.Value:P0}")));
        return string.Create(CultureInfo.InvariantCulture, $"{Image}: median depth {DepthM:0.00} m, {Points} "
            + $"points{(labels.Length == 0 ? "" : $", {labels}")} → {string.Join(' ', Files)}");
    }
}
