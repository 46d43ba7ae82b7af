using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Messages;

/// <summary>A ROS type that streams carry.</summary>
/// <param name="Name">E.g. <c>sensor_msgs/msg/Image</c>.</param>
/// <param name="WhyMalformed">Null when a message fits itself and what travelled beside it, or the first thing that does not.</param>
/// <param name="Describe">What a payload tells of itself. This and the check throw <see cref="MessageFormatException"/> when it cannot be decoded.</param>
internal sealed record WireSchema(string Name, Func<WireMessage, string?> WhyMalformed, Func<ReadOnlyMemory<byte>, MessageFacts> Describe)
{
    /// <summary>A type with the check and the facts of a decoded message.</summary>
    public static WireSchema Of<T>(Func<T, WireMessage, string?> check, Func<T, MessageFacts> describe)
        where T : IRosMessage<T> => new(
            T.Schema, message => check(RosMessage.Decode<T>(message.Payload), message), payload => describe(RosMessage.Decode<T>(payload)));
}
