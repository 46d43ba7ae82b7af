using System.Diagnostics;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>How far resident memory rises above what is resident when this is made.</summary>
internal sealed class MemoryGrowth
{
    private readonly long _before;

    public MemoryGrowth()
    {
        GC.Collect();
        try
        {
            // Linux forgets the peak that it has seen so far.
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then an earlier peak may count: a number that is too large rather than too small.
        }

        _before = Environment.WorkingSet;
    }

    /// <summary>The peak since then, MiB above the beginning.</summary>
    public double PeakMib
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return Math.Max(process.PeakWorkingSet64 - _before, 0) / 1048576.0;
        }
    }
}
