using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>One finding of <see cref="LintReport"/>.</summary>
internal sealed record LintLine(string? Camera, LintSeverity Severity, string Rule, int Line, int Column, string What, string Why, string Remedy)
{
    public static LintLine Of(string camera, LintFinding finding) =>
        new(camera, finding.Severity, finding.Rule, 0, 0, finding.What, finding.Why, finding.Remedy);

    public string ToText(string file)
    {
        string severity = Severity == LintSeverity.Error ? "error" : "warning";
        string place = Line > 0 ? $"{file}:{Line}:{Column}" : Camera ?? file;
        return $"{severity} {place}: {What}{Environment.NewLine}    why: {Why}{Environment.NewLine}    do:  {Remedy}";
    }
}
