using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>What <c>listen</c> knows about one topic on one transport.</summary>
internal sealed class StreamMeter(string transport, string topic)
{
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

    public double RateHz => Messages < 2 || _lastNs <= _firstNs ? double.NaN : (Messages - 1) * 1e9 / (_lastNs - _firstNs);

    /// <summary>Capture to reception, by this machine's clock; NaN when messages carry no capture time.</summary>
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
                _latency.Record(received.ReceivedNs - message.CapturedNs);
            }
        }
    }
}
