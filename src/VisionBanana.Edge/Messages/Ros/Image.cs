namespace VisionBanana.Edge.Messages.Ros;

/// <summary>sensor_msgs/msg/Image: uncompressed pixels, rows from the top.</summary>
/// <param name="Header">Time of capture and optical frame.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="Encoding">Pixel layout, e.g. <c>16UC1</c>, <c>32FC1</c>, <c>mono8</c>, <c>rgb8</c>.</param>
/// <param name="IsBigEndian">True when pixels of more than one byte are big endian; this SDK writes false.</param>
/// <param name="Step">Bytes per row.</param>
/// <param name="Data">Step × Height bytes.</param>
public readonly record struct Image(
    Header Header, uint Height, uint Width, string Encoding, bool IsBigEndian, uint Step, ReadOnlyMemory<byte> Data) : IRosMessage<Image>
{
    /// <inheritdoc/>
    public static string Schema => "sensor_msgs/msg/Image";

    /// <inheritdoc/>
    public static string Definition => """
        std_msgs/Header header
        uint32 height
        uint32 width
        string encoding
        uint8 is_bigendian
        uint32 step
        uint8[] data
        """;

    /// <summary>Writes everything but the pixels of a little-endian picture without row padding and returns the room for them.</summary>
    public static Span<byte> Write(CdrWriter writer, in Header header, int width, int height, string encoding, int bytesPerPixel)
    {
        WriteFields(writer, header, (uint)height, (uint)width, encoding, false, (uint)checked(width * bytesPerPixel));
        return writer.ReserveBytes(checked(width * height * bytesPerPixel));
    }

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        WriteFields(writer, Header, Height, Width, Encoding, IsBigEndian, Step);
        writer.WriteBytes(Data.Span);
    }

    /// <inheritdoc/>
    public static Image ReadFrom(ref CdrReader reader) => new(
        Header.ReadFrom(ref reader),
        reader.ReadUInt32(),
        reader.ReadUInt32(),
        reader.ReadString(),
        reader.ReadBool(),
        reader.ReadUInt32(),
        reader.ReadBytes());

    private static void WriteFields(CdrWriter writer, in Header header, uint height, uint width, string encoding, bool isBigEndian, uint step)
    {
        header.WriteTo(writer);
        writer.WriteUInt32(height);
        writer.WriteUInt32(width);
        writer.WriteString(encoding);
        writer.WriteBool(isBigEndian);
        writer.WriteUInt32(step);
    }
}
