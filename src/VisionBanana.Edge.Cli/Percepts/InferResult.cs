using System.Globalization;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Perception;

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
    /// <summary>The part of the picture, 0 to 1, that the painted view leaves out; null = not calibrated.</summary>
    public double? ViewLeavesOut { get; init; }

    /// <summary>Every how many rows and columns of the picture there are results: more than 1 where it is larger than what is worked on at once.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>The samples of 16 bits that became black and white; null = no scale was asked for, or the picture has 8 bits.</summary>
    public int[]? SampleRange { get; init; }

    public override string ToString()
    {
        string labels = string.Join(
            ", ", Labels.OrderByDescending(l => l.Value).Take(5).Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key} {l.Value:P0}")));
        return string.Create(CultureInfo.InvariantCulture, $"{Image}: median depth {DepthM:0.00} m, {Points} "
            + $"points{(labels.Length == 0 ? "" : $", {labels}")} → {string.Join(' ', Files)}")
            + (Stride > 1 ? $"; thinned: results at every {Stride}th row and column, at most {PerceptResampler.MostPixels} points" : "")
            + (SampleRange is [int black, int white] ? $"; 16-bit samples from {black} (black) to {white} (white)" : "")
            + (ViewLeavesOut is > 0.005 and var share ? $"; {CalibrationGate.LeftOut(share)}" : "");
    }
}
