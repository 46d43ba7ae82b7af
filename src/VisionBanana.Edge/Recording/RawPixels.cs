using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Recording;

/// <summary>Pixels of sensor_msgs/Image as three interleaved channels.</summary>
internal static class RawPixels
{
    /// <summary>Bytes per pixel of the encodings that are read, 0 for others.</summary>
    public static int BytesPerPixel(string encoding) => encoding switch
    {
        "mono8" => 1,
        "rgb8" or "bgr8" => 3,
        "rgba8" or "bgra8" => 4,
        _ => 0,
    };

    /// <summary>Checks that the data are what the fields say.</summary>
    /// <exception cref="MessageFormatException">They are not, or the encoding is not read here.</exception>
    public static void Check(in Image image)
    {
        int bytesPerPixel = BytesPerPixel(image.Encoding);
        if (bytesPerPixel == 0)
        {
            throw new MessageFormatException($"Expected a picture in rgb8, bgr8, rgba8, bgra8 or mono8, found '{image.Encoding}'.");
        }

        if (image.Step < (ulong)bytesPerPixel * image.Width || (ulong)image.Step * image.Height != (ulong)image.Data.Length)
        {
            throw new MessageFormatException(
                $"A picture {image.Encoding} of {image.Width}×{image.Height} with {image.Step} bytes per row does not have {image.Data.Length} bytes.");
        }
    }

    /// <summary>Copies a picture, rows without padding, channels in the wanted order.</summary>
    /// <exception cref="MessageFormatException">See <see cref="Check"/>.</exception>
    public static void Copy(in Image image, PixelFormat format, Span<byte> pixels)
    {
        Check(image);
        int width = (int)image.Width, bytesPerPixel = BytesPerPixel(image.Encoding), rowBytes = width * 3;
        bool swap = bytesPerPixel > 1 && image.Encoding.StartsWith("bgr", StringComparison.Ordinal) != (format == PixelFormat.Bgr8);
        for (int y = 0; y < (int)image.Height; y++)
        {
            ReadOnlySpan<byte> from = image.Data.Span.Slice(y * (int)image.Step, width * bytesPerPixel);
            Span<byte> to = pixels.Slice(y * rowBytes, rowBytes);
            if (bytesPerPixel == 3 && !swap)
            {
                from.CopyTo(to);
                continue;
            }

            (int first, int middle, int last) = bytesPerPixel == 1 ? (0, 0, 0) : swap ? (2, 1, 0) : (0, 1, 2);
            for (int x = 0; x < width; x++)
            {
                ReadOnlySpan<byte> pixel = from.Slice(x * bytesPerPixel, bytesPerPixel);
                (to[x * 3], to[(x * 3) + 1], to[(x * 3) + 2]) = (pixel[first], pixel[middle], pixel[last]);
            }
        }
    }
}
