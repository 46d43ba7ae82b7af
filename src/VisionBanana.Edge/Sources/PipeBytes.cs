namespace VisionBanana.Edge.Sources;

/// <summary>What a program writes to a pipe, read byte by byte or in large parts. Allocates nothing per picture.</summary>
internal sealed class PipeBytes(Stream stream)
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>The next byte; −1 at the end.</summary>
    public int ReadByte() => _start < _end || Fill() ? _buffer[_start++] : -1;

    /// <summary>Fills the target; returns how many bytes came before the pipe ended.</summary>
    public int Read(Span<byte> target)
    {
        int length = target.Length;
        while (target.Length > 0)
        {
            if (_start == _end)
            {
                // Large pictures go straight to their place.
                int read = stream.Read(target.Length > _buffer.Length ? target : _buffer);
                if (read == 0)
                {
                    break;
                }

                if (target.Length > _buffer.Length)
                {
                    target = target[read..];
                    continue;
                }

                (_start, _end) = (0, read);
            }

            int count = Math.Min(target.Length, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(target);
            _start += count;
            target = target[count..];
        }

        return length - target.Length;
    }

    /// <summary>Passes over bytes that nobody wants; false when the pipe ends before.</summary>
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

    private bool Fill()
    {
        (_start, _end) = (0, stream.Read(_buffer));
        return _end > 0;
    }
}
