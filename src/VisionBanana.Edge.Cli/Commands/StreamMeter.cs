using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>What <c>listen</c> knows about one topic on one transport.</summary>
internal sealed class StreamMeter(string transport, string topic)
{
    // Beyond these a stamp is of another clock: simulated time, one that was never set, one that runs ahead.
    private const long OldestNs = 3_600_000_000_000, NewestNs = -1_000_000_000;

    private readonly Lock _gate = new();
    private readonly LatencyHistogram _latency = new();
    private long _firstNs, _lastNs, _lastSequence = -1;

    public string Transport => transport;

    public string Topic => topic;

    public string Schema { get; private set; } = "";

    public long Messages { get; private set; }

    public long Bytes { get; private set; }

    public long Malformed { get; private set; }

    /// <summary>Sequence numbers that went backwards or stood still: repeated or reordered pictures.</summary>
    public long OutOfOrder { get; private set; }

    public string? FirstProblem { get; private set; }

    /// <summary>Stamps that are of another clock than this machine's: an hour old or more, or more than a second ahead.</summary>
    public long OtherClock { get; private set; }

    /// <summary>The latest stamp, nanoseconds since the Unix epoch, as it was written; null when messages carry none.</summary>
    public long? CapturedNs { get; private set; }

    public double RateHz => Messages < 2 || _lastNs <= _firstNs ? double.NaN : (Messages - 1) * 1e9 / (_lastNs - _firstNs);

    /// <summary>Capture to reception, by this machine's clock, of the stamps of this clock; NaN when there are none.</summary>
    public double LatencyMsP50 => _latency.PercentileMs(0.5);

    public void Count(ReceivedMessage received)
    {
        string? problem = received.WhyMalformed();
        WireMessage message = received.Message;
        lock (_gate)
        {
            Schema = message.Schema;
            Messages++;
            Bytes += message.Payload.Length;
            _firstNs = Messages == 1 ? received.ReceivedNs : _firstNs;
            _lastNs = received.ReceivedNs;
            if (problem is not null)
            {
                Malformed++;
                FirstProblem ??= problem;
            }

            if (message.Width > 0 && Streams.Find(message.Stream) is not { IsState: true })
            {
                OutOfOrder += message.SequenceNumber <= _lastSequence ? 1 : 0;
                _lastSequence = message.SequenceNumber;
                CapturedNs = message.CapturedNs;

                // Any number may stand there: the difference of two of them need not be one.
                Int128 latency = (Int128)received.ReceivedNs - message.CapturedNs;
                if (latency >= OldestNs || latency < NewestNs)
                {
                    OtherClock++;
                }
                else
                {
                    _latency.Record((long)latency);
                }
            }
        }
    }
}
