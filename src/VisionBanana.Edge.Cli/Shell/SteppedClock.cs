using System.Globalization;

namespace VisionBanana.Edge.Cli.Shell;

/// <summary>
/// The clock of a machine whose time is being set while it runs, for endurance runs: with <c>VBEDGE_CLOCK_STEP_S=N</c> the wall clock jumps every ten
/// seconds by up to N seconds forwards or back. Durations are not touched.
/// </summary>
internal sealed class SteppedClock(double largestStepS) : TimeProvider
{
    private const string Variable = "VBEDGE_CLOCK_STEP_S";
    private const long PeriodMs = 10_000;

    private readonly int _seed = Environment.ProcessId;

    /// <summary>The system's clock, unless steps are asked for.</summary>
    public static TimeProvider OrSystem() =>
        double.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out double step) && step > 0
            ? new SteppedClock(step)
            : System;

    public override DateTimeOffset GetUtcNow()
    {
        // The same offset for a whole period, whoever asks.
        int period = (int)(Environment.TickCount64 / PeriodMs);
        double share = (unchecked((uint)HashCode.Combine(_seed, period)) / (double)uint.MaxValue * 2) - 1;
        return base.GetUtcNow() + TimeSpan.FromSeconds(largestStepS * share);
    }
}
