using VisionBanana.Edge.Mqtt;

namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>
/// How far the clock of a worker is ahead of the robot's, from receipts, as NTP reckons: the times of leaving and arriving on both clocks. It is known
/// to half of the time that a picture and its receipt are on their way.
/// </summary>
internal sealed class ClockOffset
{
    /// <summary>Clocks that differ by more are told.</summary>
    public static readonly TimeSpan Told = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private TimeSpan _offset, _doubt = TimeSpan.MaxValue;
    private string _worker = "";

    /// <summary>The worker whose clock was furthest off lately, its offset and how sure that is; null = nothing is known.</summary>
    public (string Worker, TimeSpan Offset, TimeSpan Doubt)? Worst
    {
        get
        {
            lock (_gate)
            {
                return _worker.Length == 0 ? null : (_worker, _offset, _doubt);
            }
        }
    }

    /// <summary>Takes a receipt that arrived now.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="sentNs">When its picture was sent, on the robot's clock.</param>
    /// <param name="nowNs">Now, on the same clock.</param>
    public void Note(Receipt receipt, long sentNs, long nowNs)
    {
        // Any number may stand in a receipt.
        Int128 there = (Int128)receipt.TakenNs - sentNs, back = (Int128)receipt.WrittenNs - nowNs, twice = there + back;
        var offset = TimeSpan.FromTicks((long)Int128.Clamp(twice / 200, long.MinValue / 4, long.MaxValue / 4));
        var doubt = TimeSpan.FromTicks((long)Int128.Clamp(Int128.Abs(there - back) / 200, 0, long.MaxValue / 4));
        lock (_gate)
        {
            if (_worker.Length == 0 || _worker == receipt.Worker || offset.Duration() > _offset.Duration())
            {
                (_worker, _offset, _doubt) = (receipt.Worker, offset, doubt);
            }
        }
    }
}
