using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Protocol;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// Which topics the broker lets us publish to. It answers messages of QoS 1 only: the first message of each topic on a connection is sent so.
/// A topic that was refused is left alone and asked about again now and then: rights change.
/// </summary>
internal sealed partial class TopicRights(ILogger? log, TimeProvider? clock)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(30);

    private readonly ILogger _log = log ?? NullLogger.Instance;
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly ConcurrentDictionary<string, Answer> _answers = new(StringComparer.Ordinal);

    private static string NameOf(string topic) =>
        WireTopics.TryGetStream(topic, out string? stream) ? stream : topic[(topic.LastIndexOf('/') + 1)..];

    /// <summary>What is refused now, to be appended to a line for people; empty when nothing is.</summary>
    public string State
    {
        get
        {
            string[] refused = [.. _answers.Where(a => a.Value.RefusedAt is not null).Select(a => NameOf(a.Key))];
            Array.Sort(refused, StringComparer.Ordinal);
            return refused.Length == 0 ? "" : $"; the broker refuses {string.Join(", ", refused)}";
        }
    }

    /// <summary>True when the broker refused the topic a short while ago.</summary>
    public bool IsRefused(string topic) =>
        _answers.TryGetValue(topic, out Answer? answer) && answer.RefusedAt is { } at && _clock.GetElapsedTime(at) < AskAgain;

    /// <summary>True when the broker has not answered for this topic on this connection.</summary>
    public bool MustAsk(string topic, IMqttClient client) =>
        !_answers.TryGetValue(topic, out Answer? answer) || answer.On != client || answer.RefusedAt is not null;

    /// <summary>Sends a message, unless its topic is refused now, and returns null or why it was not sent. Never throws.</summary>
    public async ValueTask<DropReason?> PublishAsync(MqttConnection.Session session, MqttApplicationMessage message, TimeSpan limit)
    {
        if (IsRefused(message.Topic))
        {
            return DropReason.NotAllowed;
        }

        if (MustAsk(message.Topic, session.Client))
        {
            message.QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce;
        }

        (MqttClientPublishResult? answer, DropReason? failure) = await session.PublishAsync(message, limit).ConfigureAwait(false);
        return answer is null ? failure : Note(message.Topic, session.Client, answer);
    }

    /// <summary>Takes an answer of the broker and returns what became of the message; a refusal is logged once per topic.</summary>
    public DropReason? Note(string topic, IMqttClient client, MqttClientPublishResult result)
    {
        bool refused = result.ReasonCode is MqttClientPublishReasonCode.NotAuthorized;
        if (refused)
        {
            bool isNew = !_answers.TryGetValue(topic, out Answer? before) || before.RefusedAt is null;
            _answers[topic] = new Answer(client, _clock.GetTimestamp());
            if (isNew)
            {
                LogRefused(topic, (int)result.ReasonCode);
            }
        }
        else if (result.IsSuccess && MustAsk(topic, client))
        {
            _answers[topic] = new Answer(client, null);
        }

        return refused ? DropReason.NotAllowed : result.IsSuccess ? null : DropReason.SendFailed;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "The broker does not let us publish to {Topic} (reason code {Code}): nothing is sent there until it does; give this user or client id write access")]
    private partial void LogRefused(string topic, int code);

    private sealed record Answer(IMqttClient On, long? RefusedAt);
}
