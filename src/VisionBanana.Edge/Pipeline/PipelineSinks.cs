using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Sensors;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// The sinks of a pipeline, with a queue and books each, and its sensors: opened, started and closed together. Transports may join and leave meanwhile.
/// </summary>
internal sealed class PipelineSinks
{
    private const int MostJoined = 4;

    private readonly PipelineParts _parts;
    private readonly FlowLedger _ledger;
    private readonly StageLatencies _latencies;
    private readonly PerceptQueue[] _percepts;
    private readonly List<Func<string>> _states;

    // Hand-over to the sinks and a change of their number are each one step: the books of a sink begin with the first picture it is offered.
    private readonly Lock _handOver = new();
    private SinkQueue[] _transports;
    private bool _isRunning;

    /// <summary>Makes queues and books; nothing is opened yet.</summary>
    public PipelineSinks(PipelineParts parts, FlowLedger ledger, StageLatencies latencies)
    {
        (_parts, _ledger, _latencies) = (parts, ledger, latencies);
        _transports = [.. parts.Transports.Select(QueueOf)];
        _percepts = [.. parts.PerceptSinks.Select(p => new PerceptQueue(p, ledger.Open(p.Name), parts.Sinks, latencies, parts.Clock, parts.Logger))];
        _states = [.. parts.Transports.Select(t => (Func<string>)(() => t.State)), .. parts.PerceptSinks.Select(p => (Func<string>)(() => p.State))];
    }

    /// <summary>Whether anybody waits for encoded messages.</summary>
    public bool NeedMessages => Volatile.Read(ref _transports).Length > 0;

    /// <summary>Encoded pictures that may be out at once: every transport may hold a full queue and one in sending, and one is being encoded.</summary>
    public static int MostEncoded(PipelineParts parts) => ((parts.Transports.Count + MostJoined) * (parts.Sinks.Capacity + 1)) + 1;

    /// <summary>The books and how each sink is, of one moment.</summary>
    public (IReadOnlyList<SinkFlow> Flows, string[] States) Look()
    {
        lock (_handOver)
        {
            return (_ledger.Snapshot(), [.. _states.Select(s => s())]);
        }
    }

    /// <summary>Opens sinks and sensors; closes all of them when one cannot be opened.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (IMessageTransport transport in _parts.Transports)
            {
                await transport.StartAsync(cancellationToken).ConfigureAwait(false);
            }

            foreach (IPerceptSink sink in _parts.PerceptSinks)
            {
                await sink.StartAsync(cancellationToken).ConfigureAwait(false);
            }

            foreach (ISensorLink sensor in _parts.Sensors)
            {
                await sensor.StartAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            await CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Closes what was never started.</summary>
    public async Task CloseAsync()
    {
        foreach (IAsyncDisposable sink in _parts.Sensors.Concat<IAsyncDisposable>(_parts.Transports).Concat(_parts.PerceptSinks))
        {
            await sink.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Lets the queues work.</summary>
    public void Start()
    {
        lock (_handOver)
        {
            Array.ForEach(_transports, s => s.Start());
            Array.ForEach(_percepts, p => p.Start());
            _isRunning = true;
        }
    }

    /// <summary>Closes the sensors, flushes the queues and closes the sinks.</summary>
    public async Task StopAsync()
    {
        foreach (ISensorLink sensor in _parts.Sensors)
        {
            await sensor.DisposeAsync().ConfigureAwait(false);
        }

        SinkQueue[] transports;
        lock (_handOver)
        {
            _isRunning = false;
            transports = _transports;
        }

        await Task.WhenAll(
            [.. transports.Select(s => s.DisposeAsync().AsTask()), .. _percepts.Select(p => p.DisposeAsync().AsTask())]).ConfigureAwait(false);
    }

    /// <summary>See <see cref="PerceptionPipeline.AddTransportAsync"/>.</summary>
    public async Task JoinAsync(IMessageTransport transport, CancellationToken cancellationToken)
    {
        string? refused;
        try
        {
            await transport.StartAsync(cancellationToken).ConfigureAwait(false);
            refused = TryJoin(transport);
        }
        catch
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        if (refused is not null)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw new InvalidOperationException(refused);
        }
    }

    /// <summary>See <see cref="PerceptionPipeline.RemoveTransportAsync"/>.</summary>
    public async Task<bool> LeaveAsync(IMessageTransport transport)
    {
        SinkQueue? sink;
        lock (_handOver)
        {
            sink = _isRunning ? Array.Find(_transports, s => s.Transport == transport) : null;
            if (sink is null)
            {
                return false;
            }

            _transports = [.. _transports.Where(s => s != sink)];
            _ledger.Close(sink.Counter);
        }

        await sink.DisposeAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>Offers a notice to every transport, before the pictures that wait.</summary>
    public void Post(WireMessage message)
    {
        lock (_handOver)
        {
            Array.ForEach(_transports, s => s.Post(message));
        }
    }

    /// <summary>Offers a notice to every transport, behind the pictures that wait.</summary>
    public void PostBehind(WireMessage message)
    {
        lock (_handOver)
        {
            Array.ForEach(_transports, s => s.PostBehind(message));
        }
    }

    /// <summary>Offers a picture to every sink.</summary>
    /// <param name="frame">The percepts; borrowed.</param>
    /// <param name="encoded">Its messages; null = there was nobody to encode them for.</param>
    public void HandOver(PerceptionFrame frame, EncodedFrame? encoded)
    {
        lock (_handOver)
        {
            _ledger.HandedToSinks();
            foreach (SinkQueue sink in _transports)
            {
                if (encoded is null)
                {
                    // It joined while this picture was not encoded, because there was nobody to encode it for.
                    sink.Counter.Dropped(DropReason.NotConnected);
                }
                else
                {
                    sink.Offer(encoded);
                }
            }

            foreach (PerceptQueue percepts in _percepts)
            {
                percepts.Offer(frame);
            }
        }
    }

    private string? TryJoin(IMessageTransport transport)
    {
        lock (_handOver)
        {
            if (!_isRunning || _transports.Length == _parts.Transports.Count + MostJoined)
            {
                return _isRunning ? $"At most {MostJoined} transports join a running pipeline: remove one first." : "The pipeline does not run.";
            }

            SinkQueue sink = QueueOf(transport);
            sink.Start();
            _transports = [.. _transports, sink];
            _states.Add(() => transport.State);
            return null;
        }
    }

    private SinkQueue QueueOf(IMessageTransport transport) => new(
        transport, _ledger.Open(transport.Name), _parts.Sinks, _latencies, _parts.Clock, _parts.Logger);
}
