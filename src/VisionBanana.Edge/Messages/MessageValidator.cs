namespace VisionBanana.Edge.Messages;

/// <summary>Decodes a received message to its last byte and checks it against itself and against what travelled beside it.</summary>
public static class MessageValidator
{
    /// <summary>Null when everything fits, or the first thing that does not.</summary>
    public static string? WhyMalformed(WireMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        try
        {
            return Streams.FindSchema(message.Schema) is { } schema ? schema.WhyMalformed(message)
                : message.Schema.Length == 0 && PlainStream.Find(message.Stream) is { } plain ? plain.WhyMalformed(message.Payload)
                : $"the schema '{message.Schema}' is not part of the contract";
        }
        catch (MessageFormatException error)
        {
            return error.Message;
        }
    }
}
