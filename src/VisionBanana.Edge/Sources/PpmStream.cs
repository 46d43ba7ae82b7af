using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Sources;

/// <summary>Reads one binary PPM (P6, 8 bits) after the other from a pipe. Allocates nothing per picture.</summary>
internal sealed class PpmStream(Stream stream)
{
    // No picture of a camera is larger; a longer number means that this is no PPM.
    private const int LargestSide = 32768;

    private readonly PipeBytes _bytes = new(stream);

    /// <summary>Reads the next header; false when the pipe ends there.</summary>
    /// <exception cref="CameraException">What came is no PPM.</exception>
    public bool TryReadHeader(out int width, out int height)
    {
        (width, height) = (0, 0);
        int first = _bytes.ReadByte();
        if (first < 0)
        {
            return false;
        }

        if (first != 'P' || _bytes.ReadByte() != '6')
        {
            throw new CameraException("ffmpeg sent something that is no PPM picture: is the `ffmpeg` in the PATH really FFmpeg?");
        }

        width = ReadNumber();
        height = ReadNumber();
        return ReadNumber() == 255 && width > 0 && height > 0 && (long)width * height <= CameraFrame.MostPixels;
    }

    /// <summary>Reads the pixels after a header; false when the pipe ends before.</summary>
    public bool TryReadPixels(Span<byte> pixels) => _bytes.Read(pixels) == pixels.Length;

    /// <summary>Passes over pixels that nobody wants; false when the pipe ends before.</summary>
    public bool TrySkip(long count) => _bytes.TrySkip(count);

    private int ReadNumber()
    {
        int c = _bytes.ReadByte(), value = 0;
        while (c is ' ' or '\n' or '\t' or '\r')
        {
            c = _bytes.ReadByte();
        }

        while (c is >= '0' and <= '9' && value <= LargestSide)
        {
            value = (value * 10) + c - '0';
            c = _bytes.ReadByte();
        }

        return value <= LargestSide ? value : 0;
    }
}
