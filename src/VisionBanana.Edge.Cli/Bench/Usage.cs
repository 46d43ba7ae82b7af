using System.Diagnostics;
using System.Globalization;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>What a stretch of time costs: processor time of this process, and the load of a Jetson's GPU where the system tells it.</summary>
internal sealed class Usage : IDisposable
{
    private static readonly string[] GpuLoads =
        ["/sys/devices/gpu.0/load", "/sys/devices/platform/gpu.0/load", "/sys/devices/platform/bus@0/17000000.gpu/load"];
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly Process _process = Process.GetCurrentProcess();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TimeSpan _before;
    private readonly Timer? _timer;
    private readonly List<double> _gpu = [];

    public Usage()
    {
        _before = _process.TotalProcessorTime;
        if (Array.Find(GpuLoads, File.Exists) is { } file)
        {
            _timer = new Timer(_ => Sample(file), null, Period, Period);
        }
    }

    /// <summary>Processor time so far, 100 = all processors busy.</summary>
    public double CpuPercent
    {
        get
        {
            _process.Refresh();
            return (_process.TotalProcessorTime - _before) / _clock.Elapsed / Environment.ProcessorCount * 100;
        }
    }

    /// <summary>Mean load of the GPU so far; NaN where the system tells none.</summary>
    public double GpuPercent
    {
        get
        {
            lock (_gpu)
            {
                return _gpu.Count == 0 ? double.NaN : _gpu.Average();
            }
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _process.Dispose();
    }

    private void Sample(string file)
    {
        try
        {
            // Tenths of a percent.
            double load = double.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) / 10;
            lock (_gpu)
            {
                _gpu.Add(load);
            }
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            // One sample less.
        }
    }
}
