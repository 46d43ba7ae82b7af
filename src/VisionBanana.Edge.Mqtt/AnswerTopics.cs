using System.Collections.Immutable;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// Where answers to commands may go, and how often. Who may only give commands must not reach other topics by naming them as its response topic:
/// the answer would be published with our rights.
/// </summary>
internal sealed class AnswerTopics
{
    private const double Most = 20, PerSecond = 10;
    private const int MaxLength = 1024;

    private readonly ImmutableArray<string> _prefixes;
    private readonly string _own;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private double _left = Most;
    private long _stamp;

    /// <exception cref="ConfigurationException">A prefix would let everything, or our own topics, through.</exception>
    public AnswerTopics(MqttOptions options, TimeProvider clock)
    {
        foreach (string prefix in options.AnswerPrefixes)
        {
            if (prefix.Length == 0 || prefix[0] == '$' || prefix.AsSpan().ContainsAny('+', '#')
                || WireTopics.Root.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(WireTopics.Root, StringComparison.Ordinal))
            {
                throw new ConfigurationException(
                    $"Answers cannot be allowed below '{prefix}': expected the beginning of topics "
                    + $"outside {WireTopics.Root}, without + # and $, such as rpc/replies/.");
            }
        }

        (_prefixes, _clock) = (options.AnswerPrefixes, clock);
        _own = options.Address.TopicOf(WireTopics.AnswersLevel) + "/";
        _stamp = clock.GetTimestamp();
    }

    /// <summary>Null when an answer may go there, or why not.</summary>
    public string? WhyNot(string topic)
    {
        if (topic.Length > MaxLength || topic.AsSpan().ContainsAny('+', '#') || topic.StartsWith('$') || topic.EndsWith('/'))
        {
            return "it is no topic for an answer";
        }

        // Streams, state and commands cannot be forged by way of an answer.
        bool allowed = topic.StartsWith(WireTopics.Root, StringComparison.Ordinal)
            ? topic.StartsWith(_own, StringComparison.Ordinal)
            : topic.Split('/').SkipLast(1).Contains(WireTopics.AnswersLevel) || _prefixes.Any(p => topic.StartsWith(p, StringComparison.Ordinal));
        return allowed
            ? null
            : $"answers go to {_own}…, to topics outside {WireTopics.Root} with a level '{WireTopics.AnswersLevel}' before the last, such as me/answers/1, "
                + "or below mqtt.answer_prefixes";
    }

    /// <summary>Takes one answer from what may be given now; false when there were too many.</summary>
    public bool TrySpend()
    {
        lock (_gate)
        {
            long now = _clock.GetTimestamp();
            _left = Math.Min(Most, _left + (_clock.GetElapsedTime(_stamp, now).TotalSeconds * PerSecond));
            _stamp = now;
            if (_left < 1)
            {
                return false;
            }

            _left--;
            return true;
        }
    }
}
