using System.Globalization;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.OpenCv.Calibration;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>What <c>calibrate</c> solved, for people and as JSON.</summary>
/// <param name="Output">The file that was written.</param>
/// <param name="Report">The HTML page; null = none.</param>
/// <param name="Cameras">The cameras: one, or the left and the right one.</param>
/// <param name="Rms">Of the (left) camera, in pixels.</param>
/// <param name="Pair">How the two cameras stand to each other; null = one camera.</param>
internal sealed record CalibrationReport(string Output, string? Report, double Rms, IReadOnlyList<SolvedCamera> Cameras, SolvedPair? Pair)
{
    public override string ToString() => string.Join(
        Environment.NewLine,
        [
            .. Cameras.Select(c => c.ToString()),
            .. Pair is null ? (string[])[]
                : [string.Create(CultureInfo.InvariantCulture, $"pair: {Pair.BaselineM:0.0000} m apart, rms {Pair.Rms:0.000} px over {Pair.Pairs} pairs")],
            $"written to {Output}{(Report is null ? "" : $", report {Report}")}",
        ]);
}

/// <summary>One camera of <see cref="CalibrationReport"/>.</summary>
internal sealed record SolvedCamera(
    string Name, int Width, int Height, DistortionModel Model, double Rms, int Pictures, int Found, int Used, double Coverage, IReadOnlyList<string> Uncovered,
    double Fx, double Fy, double Cx, double Cy, IReadOnlyList<double> Distortion, IReadOnlyList<double> Deviations, IReadOnlyList<TriedModel> Tried,
    IReadOnlyList<SolvedView> Views, IReadOnlyList<LintFinding> Findings)
{
    public static SolvedCamera Of(ViewCollector collector, CameraSolution solution, IReadOnlyList<CameraSolution> tried)
    {
        CameraIntrinsics c = solution.Camera;
        Dictionary<string, double> errors = solution.Views.GroupBy(v => v.Name).ToDictionary(g => g.Key, g => g.First().Rms);
        return new SolvedCamera(
            c.Name, c.Width, c.Height, c.DistortionModel, solution.Rms, collector.Verdicts.Count,
            collector.Verdicts.Count(v => v.Verdict is not (ViewVerdict.NoBoard or ViewVerdict.OtherSize)), solution.Views.Count, collector.Coverage,
                collector.Uncovered,
            c.Fx, c.Fy, c.Cx, c.Cy, [.. c.Distortion], solution.Deviations, [.. tried.Select(t => new TriedModel(t.Camera.DistortionModel, t.Rms))],
            [.. collector.Verdicts.Select(
                v => new SolvedView(v.Name, v.Verdict, v.Verdict == ViewVerdict.Used && errors.TryGetValue(v.Name, out double rms) ? rms : null))],
            CalibrationLint.Examine(c));
    }

    public override string ToString()
    {
        string head = string.Create(
            CultureInfo.InvariantCulture,
            $"{Name}: {Model}, rms {Rms:0.000} px, fx {Fx:0.00} fy {Fy:0.00} cx {Cx:0.00} cy {Cy:0.00}; "
            + $"board found in {Found} of {Pictures} pictures, {Used} used, points in {Coverage:P0} of the picture");
        IEnumerable<string> lines =
        [
            head,
            .. Views.Where(v => v.Verdict != ViewVerdict.Used).Select(v => $"  {v.Name}: {v.Verdict}"),
            .. Tried.Count > 1
                ? (string[])[$"  models: {string.Join(", ", Tried.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Model} {t.Rms:0.000}")))}"] : [],
            .. Uncovered.Count > 0 ? (string[])[$"  hardly a point in: {string.Join(", ", Uncovered)}; show the board there too"] : [],
            .. Findings.Select(f => $"  {(f.Severity == LintSeverity.Error ? "error" : "warning")}: {f}"),
        ];
        return string.Join(Environment.NewLine, lines);
    }
}

/// <summary>A lens model that was solved, and its residuals in pixels.</summary>
internal sealed record TriedModel(DistortionModel Model, double Rms);

/// <summary>What became of one picture; the rms is null for one that is not used.</summary>
internal sealed record SolvedView(string Name, ViewVerdict Verdict, double? Rms);

/// <summary>How two cameras stand to each other.</summary>
internal sealed record SolvedPair(double Rms, int Pairs, double BaselineM, IReadOnlyList<double> LeftFromRight);
