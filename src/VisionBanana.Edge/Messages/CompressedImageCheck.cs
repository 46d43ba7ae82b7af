using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Messages;

/// <summary>Checks compressed pictures, which several streams carry.</summary>
internal static class CompressedImageCheck
{
    public static WireSchema Schema { get; } = WireSchema.Of<CompressedImage>(Check, Describe);

    private static MessageFacts Describe(CompressedImage image)
    {
        (uint width, uint height) = image.Format is ImageEncodings.DepthRvl or ImageEncodings.DepthZstd ? CompressedDepth.Size(image.Data.Span) : default;
        return new MessageFacts(image.Header, image.Format, width, height, 0, image.Data);
    }

    private static string? Check(CompressedImage image, WireMessage message)
    {
        return image.Format != message.Encoding ? $"the picture is {image.Format}, its header says '{message.Encoding}'"
            : message.Step != 0 ? $"compressed data has no step, the header says {message.Step}"
            : MessageChecks.Header(image.Header, message) ?? MessageChecks.Data(image.Data, message) ?? WhyNotWhole(image, message);
    }

    private static string? WhyNotWhole(in CompressedImage image, WireMessage message)
    {
        ReadOnlySpan<byte> data = image.Data.Span;
        bool isDepth = image.Format == ImageEncodings.DepthPng && data.Length >= CompressedDepth.ConfigLength;
        ReadOnlySpan<byte> png = isDepth ? data[CompressedDepth.ConfigLength..] : data;
        bool whole = image.Format switch
        {
            ImageEncodings.Jpeg => MessageChecks.IsWholeJpeg(data),
            ImageEncodings.Png or ImageEncodings.DepthPng =>
                png.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) && png.Length > 12 && png[^8..^4].SequenceEqual("IEND"u8),
            ImageEncodings.DepthRvl or ImageEncodings.DepthZstd => true,
            _ => false,
        };
        return !whole ? $"{data.Length} bytes are not a whole '{image.Format}' file (expected jpeg, png or a form of compressed depth)"
            : image.Format is ImageEncodings.DepthRvl or ImageEncodings.DepthZstd
                ? CompressedDepth.WhyNot(data, image.Format, message.Width, message.Height)
            : null;
    }
}
