using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Sources;

/// <summary>Reads one binary PPM (P6, 8 bits) after the other from a pipe. Allocates nothing per picture.</summary>
internal sealed class PpmStream(Stream stream)
{
    // No picture of a camera is larger; a longer number means that this is no PPM.
    private const int LargestSide = 32768;

    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>Reads the next header; false when the pipe ends there.</summary>
    /// <exception cref="CameraException">What came is no PPM.</exception>
    public bool TryReadHeader(out int width, out int height)
    {
        (width, height) = (0, 0);
        int first = ReadByte();
        if (first < 0)
        {
            return false;
        }

        if (first != 'P' || ReadByte() != '6')
        {
            throw new CameraException("ffmpeg sent something that is no PPM picture: is the `ffmpeg` in the PATH really FFmpeg?");
        }

        width = ReadNumber();
        height = ReadNumber();
        return ReadNumber() == 255 && width > 0 && height > 0 && (long)width * height <= CameraFrame.MostPixels;
    }

    /// <summary>Reads the pixels after a header; false when the pipe ends before.</summary>
    public bool TryReadPixels(Span<byte> pixels)
    {
        while (pixels.Length > 0)
        {
            if (_start == _end)
            {
                // Large pictures go straight to their place.
                int read = stream.Read(pixels.Length > _buffer.Length ? pixels : _buffer);
                if (read == 0)
                {
                    return false;
                }

                if (pixels.Length > _buffer.Length)
                {
                    pixels = pixels[read..];
                    continue;
                }

                (_start, _end) = (0, read);
            }

            int count = Math.Min(pixels.Length, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(pixels);
            _start += count;
            pixels = pixels[count..];
        }

        return true;
    }

    /// <summary>Passes over pixels that nobody wants; false when the pipe ends before.</summary>
    public bool TrySkip(long count)
    {
        while (count > 0)
        {
            if (_start == _end && !Fill())
            {
                return false;
            }

            int part = (int)Math.Min(count, _end - _start);
            _start += part;
            count -= part;
        }

        return true;
    }

    private int ReadNumber()
    {
        int c = ReadByte(), value = 0;
        while (c is ' ' or '\n' or '\t' or '\r')
        {
            c = ReadByte();
        }

        while (c is >= '0' and <= '9' && value <= LargestSide)
        {
            value = (value * 10) + c - '0';
            c = ReadByte();
        }

        return value <= LargestSide ? value : 0;
    }

    private int ReadByte() => _start < _end || Fill() ? _buffer[_start++] : -1;

    private bool Fill()
    {
        (_start, _end) = (0, stream.Read(_buffer));
        return _end > 0;
    }
}
