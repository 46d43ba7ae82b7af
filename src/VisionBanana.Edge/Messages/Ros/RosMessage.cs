namespace VisionBanana.Edge.Messages.Ros;

/// <summary>Whole messages: encapsulation header, fields, end.</summary>
public static class RosMessage
{
    /// <summary>Writes a message into an array of its own; hot paths keep a <see cref="CdrWriter"/> instead.</summary>
    public static byte[] Encode<T>(in T message)
        where T : IRosMessage<T>
    {
        var writer = new CdrWriter();
        message.WriteTo(writer);
        return writer.Written.ToArray();
    }

    /// <summary>Reads a whole payload. Data fields are parts of <paramref name="payload"/>, not copies.</summary>
    /// <exception cref="MessageFormatException">The payload is not a <typeparamref name="T"/>.</exception>
    public static T Decode<T>(ReadOnlyMemory<byte> payload)
        where T : IRosMessage<T>
    {
        var reader = new CdrReader(payload);
        T message = T.ReadFrom(ref reader);
        reader.End();
        return message;
    }
}
