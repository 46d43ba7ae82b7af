namespace VisionBanana.Edge.Imaging;

/// <summary>Reads JPEG and PNG files from recordings; the counterpart of <see cref="IImageEncoder"/>. Core has no codec of its own.</summary>
public interface IImageDecoder
{
    /// <summary>The size of a picture, from the head of its file.</summary>
    /// <exception cref="MessageFormatException">The bytes are no picture that can be decoded.</exception>
    (int Width, int Height) ReadSize(ReadOnlyMemory<byte> file);

    /// <summary>Decodes a picture of a known size.</summary>
    /// <param name="file">The file.</param>
    /// <param name="width">Pixels per row, as <see cref="ReadSize"/> said.</param>
    /// <param name="height">Rows.</param>
    /// <param name="format">The wanted order of channels.</param>
    /// <param name="pixels">Filled with Height × Width × 3 bytes.</param>
    /// <exception cref="MessageFormatException">The bytes are no such picture.</exception>
    void Decode(ReadOnlyMemory<byte> file, int width, int height, PixelFormat format, Span<byte> pixels);
}
