using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// State that an earlier run left retained at the broker and this one does not publish: a mount that is gone, the names of labels that are not
/// painted any more, announcements to Home Assistant. It is looked for on the first connection and cleared when this run has had the time to say
/// what it knows.
/// </summary>
internal sealed partial class StaleState
{
    /// <summary>How long after its first picture a run may take to publish its state.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Arrival = TimeSpan.FromMilliseconds(500);

    private static readonly string[] StateStreams = [.. Streams.All.Where(s => s.IsState).Select(s => s.Name), "zones/+"];

    private readonly MqttOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly string[] _filters;
    private readonly ConcurrentDictionary<string, bool> _found = new(StringComparer.Ordinal);
    private long? _firstPicture;
    private long _lookedAt;
    private bool _asked, _looked, _done;

    public StaleState(MqttOptions options, TimeProvider? clock, ILogger? log)
    {
        (_options, _clock, _log) = (options, clock ?? TimeProvider.System, log ?? NullLogger.Instance);
        _asked = _done = options.StateIsOthers;
        string[] never = [.. options.Commands ? [] : new[] { WireTopics.InstructionsStream }];
        _filters =
        [
            .. StateStreams.Concat(never).Select(s => options.Address.TopicOf(s)),
            .. options.HomeAssistant ? [] : new[] { HomeAssistant.FilterOf(options.Address) },
        ];
    }

    /// <summary>Asks the broker once what is retained.</summary>
    public async Task LookAsync(IMqttClient client, CancellationToken cancellationToken)
    {
        if (_asked)
        {
            return;
        }

        // Once, whatever becomes of it: some brokers end a connection that asks for what it may not see.
        _asked = true;

        var options = new MqttClientSubscribeOptions();
        options.TopicFilters.AddRange(_filters.Select(f => new MqttTopicFilter { Topic = f, NoLocal = true }));
        MqttClientSubscribeResult result = await client.SubscribeAsync(options, cancellationToken).ConfigureAwait(false);
        _looked = true;
        _lookedAt = _clock.GetTimestamp();
        if (result.Items.Any(i => i.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2))
        {
            LogBlind(_options.Address);
        }
    }

    /// <summary>Takes what was retained for this run's topics; false when the message is somebody else's business.</summary>
    public bool TryHear(MqttApplicationMessage message)
    {
        if (!_filters.Any(f => MqttTopicFilterComparer.Compare(message.Topic, f) == MqttTopicFilterCompareResult.IsMatch))
        {
            return false;
        }

        if (message is { Retain: true, Payload.Length: > 0 } && !_done)
        {
            _found[message.Topic] = true;
        }

        return true;
    }

    /// <summary>Notes that a picture was sent; true when what this run has not published by now is to be cleared.</summary>
    public bool IsDue()
    {
        if (_done)
        {
            return false;
        }

        _firstPicture ??= _clock.GetTimestamp();
        return _clock.GetElapsedTime(_firstPicture.Value) >= Patience;
    }

    /// <summary>Clears what was found and is not among the topics of this run; only announcements while no picture was sent. Done once.</summary>
    public async Task ClearAsync(IMqttClient client, IEnumerable<string> current, CancellationToken cancellationToken)
    {
        if (_done || !_looked)
        {
            return;
        }

        // A run that ends at once: what is retained is on its way.
        TimeSpan early = Arrival - _clock.GetElapsedTime(_lookedAt);
        if (early > TimeSpan.Zero)
        {
            await Task.Delay(early, _clock, cancellationToken).ConfigureAwait(false);
        }

        _done = true;
        var unsubscribe = new MqttClientUnsubscribeOptions();
        unsubscribe.TopicFilters.AddRange(_filters);
        string own = _options.Address.TopicOf("");
        foreach (string topic in _found.Keys.Except(current, StringComparer.Ordinal))
        {
            if (_firstPicture is null && topic.StartsWith(own, StringComparison.Ordinal))
            {
                continue;
            }

            MqttClientPublishResult result = await client.PublishAsync(Nothing(topic), cancellationToken).ConfigureAwait(false);
            LogCleared(topic, result.IsSuccess ? "cleared" : $"not cleared, the broker answered {result.ReasonCode}");
        }

        await client.UnsubscribeAsync(unsubscribe, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What clears a topic.</summary>
    internal static MqttApplicationMessage Nothing(string topic) =>
        new() { Topic = topic, Retain = true, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce };

    [LoggerMessage(Level = LogLevel.Information, Message = "Retained state of an earlier run on {Topic}: {Result}")]
    private partial void LogCleared(string topic, string result);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "The broker does not let us see what is retained of {Camera}: state of earlier runs stays there; `vbedge forget` clears it")]
    private partial void LogBlind(CameraAddress camera);
}
