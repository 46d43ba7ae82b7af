using System.Globalization;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>
/// How a provider's answers on the reference pictures compare with those of the processor in fp32; null = the model has no such answer. <see
/// cref="ParityLimits"/> says what each is.
/// </summary>
/// <param name="DepthMedian">|ln(depth / reference)|, median.</param>
/// <param name="DepthP99">|ln(depth / reference)|, 99 % of the pixels are below.</param>
/// <param name="DepthScale">The median of depth / reference.</param>
/// <param name="Labels">Share of pixels with the same class.</param>
/// <param name="Colour">Mean difference of other paintings per channel, in 0–1.</param>
/// <param name="Confidence">Mean difference of confidences.</param>
public sealed record ParityFigures(double? DepthMedian, double? DepthP99, double? DepthScale, double? Labels, double? Colour, double? Confidence)
{
    /// <summary>Everything that is out of bounds, each with its bound; empty = well.</summary>
    public IEnumerable<string> Beyond(ParityLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return new[]
        {
            Above("depth median", DepthMedian, limits.DepthMedian),
            Above("depth p99", DepthP99, limits.DepthP99),
            DepthScale is { } scale && !(Math.Abs(Math.Log(scale)) <= limits.DepthScale)
                ? string.Create(CultureInfo.InvariantCulture, $"depth scale {scale:0.000}, expected 1 within {limits.DepthScale:0.######}") : null,
            Labels is { } labels && !(labels >= limits.Labels)
                ? string.Create(CultureInfo.InvariantCulture, $"labels {labels:0.000}, expected {limits.Labels:0.######} at least") : null,
            Above("colour", Colour, limits.Colour),
            Above("confidence", Confidence, limits.Confidence),
        }.OfType<string>();
    }

    /// <summary>e.g. <c>depth median 0.001, p99 0.012, scale 1.000; labels 0.998; confidence 0.004</c>.</summary>
    public override string ToString()
    {
        string[] all =
        [
            DepthMedian is { } median ? string.Create(CultureInfo.InvariantCulture,
                $"depth median {median:0.000}, p99 {DepthP99:0.000}, scale {DepthScale:0.000}") : "",
            Text("labels", Labels),
            Text("colour", Colour),
            Text("confidence", Confidence),
        ];
        return string.Join("; ", all.Where(t => t.Length > 0));
    }

    private static string Text(string name, double? value) => value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{name} {number:0.000}") : "";

    private static string? Above(string name, double? value, double limit) => value is { } number && !(number <= limit)
        ? string.Create(CultureInfo.InvariantCulture, $"{name} {number:0.000}, expected {limit:0.######} at most")
        : null;
}
