using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace VisionBanana.Edge.Mqtt;

/// <summary>Who is let in, and who may publish and subscribe what.</summary>
internal sealed partial class BrokerRights
{
    private const string SubscriptionsKey = "vb.subscriptions";

    private readonly EmbeddedBrokerLimits _limits;
    private readonly ILogger _log;
    private readonly RetainedQuota _retained;
    private readonly Dictionary<string, (EmbeddedBrokerUser User, byte[] Password)> _users = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);
    private ImmutableArray<OwnTopics> _own = [];
    private long _refused;

    /// <exception cref="ConfigurationException">A user cannot be told from others, or its password is not there.</exception>
    public BrokerRights(EmbeddedBrokerOptions options, ILogger log)
    {
        (_limits, _log, _retained) = (options.Limits, log, new RetainedQuota(options.Limits));
        foreach (EmbeddedBrokerUser user in options.Users)
        {
            string password = Secrets.FromEnvironment($"the password of the broker's user {user.Name}", user.PasswordVariable)!;
            if (!_users.TryAdd(user.Name, (user, Hash(password))))
            {
                throw new ConfigurationException($"The embedded broker has two users '{user.Name}': give each its own name.");
            }

            foreach (string filter in user.Publish.Concat(user.Subscribe))
            {
                if (TopicFilters.WhyNot(filter) is { } problem)
                {
                    throw new ConfigurationException($"'{filter}' of the broker's user {user.Name} is no topic filter: {problem}.");
                }
            }
        }
    }

    /// <summary>What clients asked for and did not get.</summary>
    public long RefusedCount => Interlocked.Read(ref _refused);

    /// <summary>Keeps id and topics for a pipeline of this process.</summary>
    public void Keep(OwnTopics own) => ImmutableInterlocked.Update(ref _own, static (all, one) => all.Add(one), own);

    /// <summary>Lets a client in, or says why not.</summary>
    public void Validate(ValidatingConnectionEventArgs args, int guests)
    {
        var connection = (BrokerConnection)args.ChannelAdapter;
        if (_own.FirstOrDefault(o => o.ClientId == args.ClientId) is { } own)
        {
            connection.IsOwn = Is(args, Hash(own.Secret));
            Decide(args, connection.IsOwn ? MqttConnectReasonCode.Success : MqttConnectReasonCode.ClientIdentifierNotValid, "this client id is the pipeline's");
            return;
        }

        // A client of MQTT 5 may leave its id to the broker, as mosquitto_sub and mosquitto_rr do.
        args.AssignedClientIdentifier = string.IsNullOrEmpty(args.ClientId) ? $"auto-{Guid.NewGuid():N}" : null;
        bool isKnown = _users.Count == 0 || (args.UserName is { } name && _users.TryGetValue(name, out var user) && Is(args, user.Password));
        Decide(
            args,
            !isKnown ? MqttConnectReasonCode.BadUserNameOrPassword
                : guests >= _limits.MaxConnections ? MqttConnectReasonCode.QuotaExceeded
                : MqttConnectReasonCode.Success,
            isKnown ? $"{_limits.MaxConnections} clients are here already" : "user name or password are wrong");
    }

    /// <summary>Takes a message, or refuses it.</summary>
    public void Publish(InterceptingPublishEventArgs args)
    {
        string topic = args.ApplicationMessage.Topic ?? "";
        bool isOwn = IsOwn(args.ClientId);
        bool isTopic = topic.Length is > 0 and <= TopicFilters.MaxLength
            && !topic.AsSpan().ContainsAny('+', '#') && topic.AsSpan().Count('/') < TopicFilters.MaxLevels;
        MqttPubAckReasonCode result = !isTopic ? MqttPubAckReasonCode.TopicNameInvalid
            : !isOwn && (_own.Any(o => o.Reserve(topic)) || !MayPublish(args.UserName, topic)) ? MqttPubAckReasonCode.NotAuthorized
            : args.ApplicationMessage.Retain && !_retained.TryNote(topic, args.ApplicationMessage.Payload.Length, isOwn) ? MqttPubAckReasonCode.QuotaExceeded
            : MqttPubAckReasonCode.Success;
        if (result != MqttPubAckReasonCode.Success)
        {
            args.ProcessPublish = false;
            args.Response.ReasonCode = result;
            Tell(args.ClientId, "publish", topic, result.ToString());
        }
    }

    /// <summary>
    /// Grants a subscription, or refuses it. Guests get QoS 0: what a client does not acknowledge is kept without limit otherwise, and a message
    /// that was lost between two processes is followed by the next one, or was retained.
    /// </summary>
    public void Subscribe(InterceptingSubscriptionEventArgs args)
    {
        if (IsOwn(args.ClientId))
        {
            return;
        }

        string filter = args.TopicFilter.Topic ?? "";
        var held = (HashSet<string>)(args.SessionItems[SubscriptionsKey] ??= new HashSet<string>(StringComparer.Ordinal));
        MqttSubscribeReasonCode result;
        lock (held)
        {
            result = TopicFilters.WhyNot(filter) is not null ? MqttSubscribeReasonCode.TopicFilterInvalid
                : !MaySubscribe(args.UserName, filter) ? MqttSubscribeReasonCode.NotAuthorized
                : !held.Contains(filter) && held.Count >= _limits.MaxSubscriptions ? MqttSubscribeReasonCode.QuotaExceeded
                : MqttSubscribeReasonCode.GrantedQoS0;
            if (result == MqttSubscribeReasonCode.GrantedQoS0)
            {
                held.Add(filter);
                args.TopicFilter.QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce;
            }
        }

        args.Response.ReasonCode = result;
        if (result != MqttSubscribeReasonCode.GrantedQoS0)
        {
            args.ProcessSubscription = false;
            Tell(args.ClientId, "subscribe to", filter, result.ToString());
        }
    }

    /// <summary>Counts a subscription that ended.</summary>
    public static void Unsubscribe(InterceptingUnsubscriptionEventArgs args)
    {
        if (args.SessionItems[SubscriptionsKey] is HashSet<string> held)
        {
            lock (held)
            {
                held.Remove(args.Topic);
            }
        }
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>Whether the password is the one of this hash; the time it takes tells nothing about it.</summary>
    private static bool Is(ValidatingConnectionEventArgs args, byte[] hash) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(args.RawPassword ?? []), hash);

    private bool IsOwn(string clientId) => _own.Any(o => o.ClientId == clientId);

    private bool MayPublish(string? user, string topic) =>
        _users.Count == 0 || (user is not null && _users.TryGetValue(user, out var known) && known.User.Publish.Any(f => TopicFilters.Covers(f, topic)));

    private bool MaySubscribe(string? user, string filter) =>
        _users.Count == 0 || (user is not null && _users.TryGetValue(user, out var known) && known.User.Subscribe.Any(f => TopicFilters.Covers(f, filter)));

    private void Decide(ValidatingConnectionEventArgs args, MqttConnectReasonCode result, string why)
    {
        args.ReasonCode = result;
        if (result != MqttConnectReasonCode.Success)
        {
            args.ReasonString = why;
            Tell(args.ClientId, "connect as", args.UserName ?? "nobody", why);
        }
    }

    /// <summary>Each kind of refusal is told once per client, up to a number of clients: who is refused often is counted.</summary>
    private void Tell(string client, string what, string where, string why)
    {
        const int most = 100;
        Interlocked.Increment(ref _refused);
        if (_told.Count < most && _told.TryAdd($"{client} {what}", true))
        {
            LogRefused(Shown(client), what, Shown(where), why);
        }
    }

    private static string Shown(string text) => string.Concat(text.Take(100).Select(c => char.IsControl(c) ? ' ' : c));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The embedded broker does not let '{Client}' {What} '{Where}': {Why}")]
    private partial void LogRefused(string client, string what, string where, string why);
}
