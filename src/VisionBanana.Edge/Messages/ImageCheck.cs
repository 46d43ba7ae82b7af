using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Messages;

/// <summary>Checks uncompressed pictures, which several streams carry.</summary>
internal static class ImageCheck
{
    public static WireSchema Schema { get; } = WireSchema.Of<Image>(Check, Describe);

    private static MessageFacts Describe(Image image) =>
        new(image.Header, image.Encoding, image.Width, image.Height, ImageEncodings.BytesPerPixel(image.Encoding), image.Data);

    private static string? Check(Image image, WireMessage message)
    {
        int bytesPerPixel = ImageEncodings.BytesPerPixel(image.Encoding);
        ulong row = (ulong)bytesPerPixel * image.Width;
        return bytesPerPixel == 0 ? $"the encoding '{image.Encoding}' is not one that streams use"
            : image.Encoding != message.Encoding ? $"the picture is {image.Encoding}, its header says '{message.Encoding}'"
            : bytesPerPixel != message.Step ? $"{image.Encoding} has {bytesPerPixel} bytes per pixel, the header says {message.Step}"
            : image.IsBigEndian ? "the pixels are big endian"
            : image.Step != row ? $"a row of {image.Width} pixels {image.Encoding} has {row} bytes, step says {image.Step}"
            : row * image.Height != (ulong)image.Data.Length
                ? $"{image.Height} rows of {row} bytes were expected, {image.Data.Length} bytes found"
            : MessageChecks.Header(image.Header, message) ?? MessageChecks.Size(image.Width, image.Height, message) ?? MessageChecks.Data(image.Data, message);
    }
}
