using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <summary>Writes a message of every picture that has what the stream is made of, as often as its rate allows.</summary>
/// <param name="stream">The name of the stream.</param>
/// <param name="schema">The ROS type of its messages.</param>
/// <param name="rateHz">The most messages per second by capture time, or null for all.</param>
internal abstract class PictureWriter(string stream, string schema, double? rateHz) : StreamWriter
{
    private readonly RateLimit _rate = new(rateHz);

    /// <inheritdoc/>
    public sealed override MessageSlot CreateSlot() => new(stream, schema);

    /// <inheritdoc/>
    public sealed override void Write(PerceptionFrame frame, EncodedFrame encoded, MessageSlot? slot)
    {
        if (Has(frame) && _rate.Passes(frame.CapturedAt.UtcNs))
        {
            string frameId = FrameIdOf(frame);
            encoded.Add(Encode(frame, slot!, new Header(Time.FromNanoseconds(frame.CapturedAt.UtcNs), frameId)), frame, frameId);
        }
    }

    /// <summary>The coordinate frame of what is written; the picture's own unless a stream says otherwise.</summary>
    protected virtual string FrameIdOf(PerceptionFrame frame) => frame.FrameId;

    /// <summary>Whether the picture has what the stream is made of.</summary>
    protected abstract bool Has(PerceptionFrame frame);

    /// <summary>Writes and describes the message of a picture that has what it is made of.</summary>
    protected abstract WireMessage Encode(PerceptionFrame frame, MessageSlot slot, in Header header);
}
