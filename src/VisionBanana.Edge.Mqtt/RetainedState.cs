using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using MQTTnet;
using MQTTnet.Protocol;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Mqtt;

/// <summary>What a broker keeps for a device after it is gone: status, state and its announcements to Home Assistant.</summary>
public static class RetainedState
{
    // An announcement names its topics, a status its state, within so many bytes.
    private const int MostText = 4096;

    // Retained messages come at once, one after the other.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500), Most = TimeSpan.FromSeconds(10);

    /// <summary>Finds it, ordered by topic.</summary>
    /// <param name="options">Which broker; device and camera are not used.</param>
    /// <param name="device">The device.</param>
    /// <param name="camera">One of its cameras; null = all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConfigurationException">An option or a name cannot work.</exception>
    /// <exception cref="TransportException">The broker cannot be reached or does not let us see it.</exception>
    public static async Task<IReadOnlyList<RetainedTopic>> FindAsync(MqttOptions options, string device, string? camera, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        WireTopics.CheckName("device", device);
        WireTopics.CheckName("camera", camera ?? "all");
        string prefix = $"{WireTopics.Root}{device}/{(camera is null ? "" : $"{camera}/")}";
        var found = new ConcurrentDictionary<string, RetainedTopic>(StringComparer.Ordinal);
        long last = TimeProvider.System.GetTimestamp();
        void Hear(MqttApplicationMessage message)
        {
            bool isOurs = message.Topic.StartsWith(prefix, StringComparison.Ordinal);
            string text = message.Retain ? Encoding.UTF8.GetString(message.Payload.Slice(0, Math.Min(message.Payload.Length, MostText)).ToArray()) : "";
            if (text.Length > 0 && (isOurs || text.Contains($"\"{prefix}", StringComparison.Ordinal)))
            {
                bool isStatus = isOurs && message.Topic.EndsWith("/" + WireTopics.StatusStream, StringComparison.Ordinal);
                found[message.Topic] = new RetainedTopic(message.Topic, isStatus && text.Contains("\"online\"", StringComparison.Ordinal));
                Interlocked.Exchange(ref last, TimeProvider.System.GetTimestamp());
            }
        }

        await TalkAsync(options, Hear, async client =>
        {
            MqttClientSubscribeOptions filters = new MqttClientSubscribeOptionsBuilder()
                .WithTopicFilter(prefix + "#", MqttQualityOfServiceLevel.AtMostOnce)
                .WithTopicFilter(HomeAssistant.FilterOfAll, MqttQualityOfServiceLevel.AtMostOnce)
                .Build();
            MqttClientSubscribeResult result = await client.SubscribeAsync(filters, cancellationToken).ConfigureAwait(false);
            if (result.Items.First(i => i.TopicFilter.Topic == prefix + "#").ResultCode > MqttClientSubscribeResultCode.GrantedQoS2)
            {
                throw new TransportException($"The broker does not let us see what is retained below {prefix}: name a user who may read there.");
            }

            long start = TimeProvider.System.GetTimestamp();
            Interlocked.Exchange(ref last, start);
            while (TimeProvider.System.GetElapsedTime(Interlocked.Read(ref last)) < Quiet && TimeProvider.System.GetElapsedTime(start) < Most)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken).ConfigureAwait(false);
            }
        }, cancellationToken).ConfigureAwait(false);
        return [.. found.Values.OrderBy(t => t.Topic, StringComparer.Ordinal)];
    }

    /// <summary>Clears topics; returns those that the broker did not let us clear.</summary>
    /// <exception cref="ConfigurationException">An option cannot work.</exception>
    /// <exception cref="TransportException">The broker cannot be reached.</exception>
    public static async Task<IReadOnlyList<string>> ClearAsync(MqttOptions options, IEnumerable<string> topics, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var refused = new List<string>();
        await TalkAsync(options, static _ => { }, async client =>
        {
            foreach (string topic in topics)
            {
                MqttClientPublishResult result = await client.PublishAsync(StaleState.Nothing(topic), cancellationToken).ConfigureAwait(false);
                if (!result.IsSuccess)
                {
                    refused.Add(topic);
                }
            }
        }, cancellationToken).ConfigureAwait(false);
        return refused;
    }

    /// <summary>Opens a connection for one question.</summary>
    internal static async Task TalkAsync(
        MqttOptions options, Action<MqttApplicationMessage> hear, Func<IMqttClient, Task> say, CancellationToken cancellationToken)
    {
        MqttClientOptions client = MqttClientSettings.Finish(MqttClientSettings.Build(options, options.ClientId ?? $"vb-forget-{Guid.NewGuid():N}"[..23]));
        var conversation = new MqttConversation
        {
            Prepare = broker => broker.ApplicationMessageReceivedAsync += args =>
            {
                hear(args.ApplicationMessage);
                return Task.CompletedTask;
            },
            Greet = static (_, _) => Task.CompletedTask,
        };
        var connection = new MqttConnection(options with { Require = true }, client, conversation, null, null);
        await using (connection.ConfigureAwait(false))
        {
            await connection.StartAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                IMqttClient broker = connection.Current?.Client ?? throw new TransportException($"The connection to {connection.Address} was lost at once.");
                await say(broker).ConfigureAwait(false);
            }
            catch (MQTTnet.Exceptions.MqttCommunicationException error)
            {
                throw new TransportException($"The connection to {connection.Address} was lost: {error.Message}", error);
            }
        }
    }
}
