using System.Diagnostics;

namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>What a picture costs this process, without what starting it and its first pictures cost.</summary>
internal sealed class CpuMeter
{
    private const long Warm = 20;

    private readonly Process _process = Process.GetCurrentProcess();
    private readonly Lock _gate = new();
    private long _count;
    private double _warmMs;

    /// <summary>Processor seconds of the process.</summary>
    public double TotalS
    {
        get
        {
            lock (_gate)
            {
                _process.Refresh();
                return _process.TotalProcessorTime.TotalSeconds;
            }
        }
    }

    /// <summary>Processor milliseconds for a picture; null while there are too few.</summary>
    public double? MsPerPicture
    {
        get
        {
            double now = TotalS * 1000;
            lock (_gate)
            {
                return _count < 2 * Warm ? null : (now - _warmMs) / (_count - Warm);
            }
        }
    }

    /// <summary>One picture more.</summary>
    public void Count()
    {
        lock (_gate)
        {
            if (++_count == Warm)
            {
                _process.Refresh();
                _warmMs = _process.TotalProcessorTime.TotalMilliseconds;
            }
        }
    }
}
