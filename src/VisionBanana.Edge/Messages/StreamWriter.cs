using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <summary>Writes one stream's messages for one encoder. Keeps its buffers: once warm nothing is allocated. For one thread.</summary>
internal abstract class StreamWriter
{
    /// <summary>The buffer for one picture's message, or null when messages have buffers of their own.</summary>
    public virtual MessageSlot? CreateSlot() => null;

    /// <summary>Enters the message of a picture in <paramref name="encoded"/>, if there is one.</summary>
    /// <param name="frame">The picture.</param>
    /// <param name="encoded">Where it is entered.</param>
    /// <param name="slot">What <see cref="CreateSlot"/> made for this encoded frame.</param>
    public abstract void Write(PerceptionFrame frame, EncodedFrame encoded, MessageSlot? slot);
}
