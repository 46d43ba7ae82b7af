namespace VisionBanana.Edge.Messages;

/// <summary>A message as a listener got it. The payload is borrowed: it is valid inside <c>OnNext</c> only.</summary>
/// <param name="Topic">The whole topic.</param>
/// <param name="Message">The message; of an envelope that could not be read only what was found.</param>
/// <param name="ReceivedNs">When it arrived, nanoseconds since the Unix epoch on this machine's clock.</param>
/// <param name="EnvelopeError">Why the envelope (JSON header or MQTT properties) could not be read, or null.</param>
public sealed record ReceivedMessage(string Topic, WireMessage Message, long ReceivedNs, string? EnvelopeError = null)
{
    /// <summary>Checks the envelope and everything in the message: null, or what is malformed.</summary>
    public string? WhyMalformed() => EnvelopeError ?? MessageValidator.WhyMalformed(Message);
}
