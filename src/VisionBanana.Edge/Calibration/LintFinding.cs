namespace VisionBanana.Edge.Calibration;

/// <summary>One thing that <see cref="CalibrationLint"/> found.</summary>
/// <param name="Severity">Whether it stops or only warns.</param>
/// <param name="Rule">The rule's name, e.g. <c>principal_point</c>.</param>
/// <param name="What">What was found and what was expected.</param>
/// <param name="Why">Why it matters.</param>
/// <param name="Remedy">How to mend it.</param>
public sealed record LintFinding(LintSeverity Severity, string Rule, string What, string Why, string Remedy)
{
    /// <summary>All of it in one line.</summary>
    public override string ToString() => $"{What}; {Why}: {Remedy}.";
}
