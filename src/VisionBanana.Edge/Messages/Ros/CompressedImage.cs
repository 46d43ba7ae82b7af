namespace VisionBanana.Edge.Messages.Ros;

/// <summary>sensor_msgs/msg/CompressedImage: the bytes of an image file.</summary>
/// <param name="Header">Time of capture and optical frame.</param>
/// <param name="Format"><c>jpeg</c> or <c>png</c>.</param>
/// <param name="Data">The file.</param>
public readonly record struct CompressedImage(Header Header, string Format, ReadOnlyMemory<byte> Data) : IRosMessage<CompressedImage>
{
    /// <inheritdoc/>
    public static string Schema => "sensor_msgs/msg/CompressedImage";

    /// <inheritdoc/>
    public static string Definition => """
        std_msgs/Header header
        string format
        uint8[] data
        """;

    /// <summary>
    /// Writes everything but the compressed bytes, which are then appended to <paramref name="writer"/>;
    /// give the result to <see cref="CdrWriter.EndBytes"/> afterwards.
    /// </summary>
    public static int Begin(CdrWriter writer, in Header header, string format)
    {
        header.WriteTo(writer);
        writer.WriteString(format);
        return writer.BeginBytes();
    }

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        Header.WriteTo(writer);
        writer.WriteString(Format);
        writer.WriteBytes(Data.Span);
    }

    /// <inheritdoc/>
    public static CompressedImage ReadFrom(ref CdrReader reader) => new(Header.ReadFrom(ref reader), reader.ReadString(), reader.ReadBytes());
}
