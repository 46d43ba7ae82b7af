using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>What became of the pictures that a worker took: taken = answered + Σ dropped + in hand, at any moment.</summary>
internal sealed class WorkerBooks
{
    /// <summary>Cameras that are counted one by one; the others together: a broker could name more than memory holds.</summary>
    private const int MostCameras = 1000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<DropReason, long> _dropped = [];
    private readonly Dictionary<CameraAddress, long> _answeredOf = [];
    private long _taken, _answered, _busyNs;

    /// <summary>What a picture costs.</summary>
    public CpuMeter Cpu { get; } = new();

    /// <summary>A picture's turn came.</summary>
    public void Take()
    {
        lock (_gate)
        {
            _taken++;
        }
    }

    /// <summary>Its percepts were published.</summary>
    public void Answer(CameraAddress camera)
    {
        Cpu.Count();
        lock (_gate)
        {
            _answered++;
            CameraAddress key = _answeredOf.Count < MostCameras || _answeredOf.ContainsKey(camera) ? camera : new CameraAddress("others", "others");
            _answeredOf[key] = _answeredOf.GetValueOrDefault(key) + 1;
        }
    }

    /// <summary>It was not answered.</summary>
    public void Drop(DropReason reason)
    {
        lock (_gate)
        {
            _dropped[reason] = _dropped.GetValueOrDefault(reason) + 1;
        }
    }

    /// <summary>The worker was not waiting for pictures for so long.</summary>
    public void Busy(long nanoseconds)
    {
        lock (_gate)
        {
            _busyNs += nanoseconds;
        }
    }

    /// <summary>How they stand.</summary>
    public Snapshot Read()
    {
        lock (_gate)
        {
            return new Snapshot(
                _taken, _answered, _dropped.ToDictionary(d => d.Key.ToString(), d => d.Value), _taken - _answered - _dropped.Values.Sum(), _busyNs / 1e9,
                _answeredOf.OrderBy(a => a.Key.ToString(), StringComparer.Ordinal).ToDictionary(a => a.Key.ToString(), a => a.Value));
        }
    }

    /// <param name="Taken">Pictures whose turn came.</param>
    /// <param name="Answered">Pictures whose percepts were published.</param>
    /// <param name="Dropped">The others, by reason.</param>
    /// <param name="InHand">0 or 1.</param>
    /// <param name="BusyS">Seconds with a picture in hand.</param>
    /// <param name="AnsweredOf">By camera.</param>
    internal sealed record Snapshot(
        long Taken, long Answered, IReadOnlyDictionary<string, long> Dropped, long InHand, double BusyS, IReadOnlyDictionary<string, long> AnsweredOf);
}
