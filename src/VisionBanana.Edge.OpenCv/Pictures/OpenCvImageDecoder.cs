using OpenCvSharp;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>Decodes JPEG and PNG files that stand in recordings.</summary>
public sealed class OpenCvImageDecoder : IImageDecoder
{
    /// <inheritdoc/>
    public (int Width, int Height) ReadSize(ReadOnlyMemory<byte> file)
    {
        using Mat picture = Read(file);
        return (picture.Width, picture.Height);
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlyMemory<byte> file, int width, int height, PixelFormat format, Span<byte> pixels)
    {
        using Mat picture = Read(file);
        if (picture.Width != width || picture.Height != height)
        {
            throw new MessageFormatException($"A picture of {width}×{height} was expected in the recording, found {picture.Width}×{picture.Height}.");
        }

        Copy(picture, format, pixels);
    }

    private static Mat Read(ReadOnlyMemory<byte> file) =>
        PictureDecoder.TryDecode(file.Span, ImreadModes.Color | ImreadModes.IgnoreOrientation, out Mat? picture, out string problem)
            ? picture
            : throw new MessageFormatException($"A picture in the message {problem}.");

    private static unsafe void Copy(Mat bgr, PixelFormat format, Span<byte> pixels)
    {
        fixed (byte* to = pixels)
        {
            using var target = Mat.FromPixelData(bgr.Height, bgr.Width, MatType.CV_8UC3, (nint)to);
            if (format == PixelFormat.Rgb8)
            {
                Cv2.CvtColor(bgr, target, ColorConversionCodes.BGR2RGB);
            }
            else
            {
                bgr.CopyTo(target);
            }
        }
    }
}
