using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Mqtt;

/// <summary>A pipeline of this process at its broker: its id, the secret that proves it, and the topics that nobody else may publish to.</summary>
/// <param name="ClientId">Its id.</param>
/// <param name="Secret">Made for this process, never written down.</param>
/// <param name="Prefix">What its topics begin with.</param>
/// <param name="Announcements">The prefix of its announcements to Home Assistant, whose second level varies.</param>
internal sealed record OwnTopics(string ClientId, string Secret, string Prefix, string Announcements)
{
    /// <summary>Those of a pipeline.</summary>
    public static OwnTopics Of(MqttOptions options, string clientId, string secret) => new(
        clientId, secret, options.Address.TopicOf(""), HomeAssistant.FilterOf(options.Address));

    /// <summary>True for streams, state and announcements; commands are for others to give.</summary>
    public bool Reserve(string topic) =>
        (topic.StartsWith(Prefix, StringComparison.Ordinal) && topic[Prefix.Length..] is not (WireTopics.SetInstructionsStream or WireTopics.CommandStream))
        || TopicFilters.Covers(Announcements, topic);

    /// <summary>The members without the secret.</summary>
    public override string ToString() => $"{ClientId}: {Prefix}";
}
