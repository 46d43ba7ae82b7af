using System.Buffers;
using MQTTnet;
using MQTTnet.Protocol;

namespace VisionBanana.Edge.Mqtt;

/// <summary>Asks a broker which model paints for a group, and how far the clock of its workers is from this one.</summary>
internal static class GroupSurvey
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2), Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The model, and how far the worker's clock was ahead of this one when it said so, to about a second: a broker tells in whole seconds how long the
    /// word still holds. Null = no worker is there.
    /// </summary>
    /// <exception cref="ConfigurationException">An option cannot work.</exception>
    /// <exception cref="TransportException">The broker cannot be reached or does not let us see it.</exception>
    public static async Task<(GroupModel Model, TimeSpan Ahead)?> AskAsync(
        MqttOptions options, string group, TimeProvider clock, CancellationToken cancellationToken)
    {
        (GroupModel, TimeSpan)? found = null;
        void Hear(MqttApplicationMessage message)
        {
            if (message.Topic == FleetTopics.Model(group) && GroupModel.Read(message.Payload.ToArray()) is { } model)
            {
                TimeSpan age = message.Retain ? GroupModel.Holds - TimeSpan.FromSeconds(message.MessageExpiryInterval) : TimeSpan.Zero;
                Int128 ahead = (Int128)model.WrittenNs + (age.Ticks * 100) - CaptureTime.Now(clock).UtcNs;
                found = (model, TimeSpan.FromTicks((long)Int128.Clamp(ahead / 100, long.MinValue, long.MaxValue)));
            }
        }

        await RetainedState.TalkAsync(options, Hear, async client =>
        {
            MqttClientSubscribeOptions filter = new MqttClientSubscribeOptionsBuilder()
                .WithTopicFilter(FleetTopics.Model(group), MqttQualityOfServiceLevel.AtMostOnce).Build();
            MqttClientSubscribeResult result = await client.SubscribeAsync(filter, cancellationToken).ConfigureAwait(false);
            if (result.Items.First().ResultCode > MqttClientSubscribeResultCode.GrantedQoS2)
            {
                throw new TransportException($"The broker does not let us see {FleetTopics.Model(group)}: name a user who may read there.");
            }

            long start = clock.GetTimestamp();
            while (found is null && clock.GetElapsedTime(start) < Limit)
            {
                await Task.Delay(Poll, clock, cancellationToken).ConfigureAwait(false);
            }
        }, cancellationToken).ConfigureAwait(false);
        return found;
    }
}
