namespace VisionBanana.Edge.Calibration;

/// <summary>How grave a finding of <see cref="CalibrationLint"/> is.</summary>
public enum LintSeverity
{
    /// <summary>Results may be off; they are made all the same.</summary>
    Warning,

    /// <summary>Results would be wrong: nothing is made with this calibration.</summary>
    Error,
}
