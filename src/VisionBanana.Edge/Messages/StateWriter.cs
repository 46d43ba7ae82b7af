using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <summary>Writes state: a message is built when what it says changes, and is the same object while it does not.</summary>
internal abstract class StateWriter : StreamWriter
{
    /// <inheritdoc/>
    public sealed override void Write(PerceptionFrame frame, EncodedFrame encoded, MessageSlot? slot)
    {
        if (Update(frame) is { } message)
        {
            encoded.AddState(message);
        }
    }

    /// <summary>The state that holds for a picture, or null when there is none.</summary>
    protected abstract WireMessage? Update(PerceptionFrame frame);

    protected static Header HeaderOf(PerceptionFrame frame) => new(Time.FromNanoseconds(frame.CapturedAt.UtcNs), frame.FrameId);

    /// <summary>A message about pictures of a frame's size.</summary>
    protected static WireMessage Build<T>(string stream, T message, PerceptionFrame frame)
        where T : IRosMessage<T> => new()
        {
            Stream = stream,
            Schema = T.Schema,
            IsState = true,
            SequenceNumber = frame.SequenceNumber,
            CapturedNs = frame.CapturedAt.UtcNs,
            FrameId = frame.FrameId,
            Width = frame.Width,
            Height = frame.Height,
            Payload = RosMessage.Encode(message),
        };
}
