using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Sensors;

/// <summary>A sensor that is published on one topic of a transport, e.g. MQTT or ZeroMQ.</summary>
/// <param name="listener">Hears the topic; closed with this.</param>
/// <param name="topic">The whole topic.</param>
/// <param name="input">Gets the payloads.</param>
public sealed class HeardSensor(IMessageListener listener, string topic, SensorInput input) : ISensorLink, IObserver<ReceivedMessage>
{
    private IDisposable? _subscription;

    /// <inheritdoc/>
    public string Name => input.Kind;

    /// <inheritdoc/>
    public string State => $"{topic} on {listener.State}{SensorState.Of(input)}";

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription ??= listener.Messages.Subscribe(this);
        return listener.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void OnNext(ReceivedMessage value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Topic == topic)
        {
            // What is not of our own contract has no envelope, and needs none.
            input.Take(value.Message.Payload);
        }
    }

    /// <inheritdoc/>
    public void OnCompleted()
    {
    }

    /// <inheritdoc/>
    public void OnError(Exception error)
    {
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _subscription?.Dispose();
        await listener.DisposeAsync().ConfigureAwait(false);
    }
}
