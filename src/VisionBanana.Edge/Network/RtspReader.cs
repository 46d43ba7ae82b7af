using System.Globalization;
using System.Text;

namespace VisionBanana.Edge.Network;

/// <summary>Takes a conversation of RTSP apart: packets of pictures, which begin with '$', and texts, which have a head and perhaps a body.</summary>
internal sealed class RtspReader(Stream stream)
{
    private const int LargestHead = 64 << 10, LargestBody = 1 << 20;

    private readonly byte[] _buffer = new byte[192 << 10];
    private int _start, _end;

    /// <summary>Packets as they came, until the next reading; empty when it is a text.</summary>
    public ReadOnlyMemory<byte> Packets { get; private set; }

    /// <summary>The lines of a text's head; empty when these are packets.</summary>
    public string[] Head { get; private set; } = [];

    /// <summary>The body of a text.</summary>
    public byte[] Body { get; private set; } = [];

    /// <summary>Reads on; false at the end.</summary>
    /// <exception cref="IOException">It is no RTSP, or the connection broke.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        (Packets, Head, Body) = (default, [], []);
        while (true)
        {
            int length = PacketsLength();
            if (length > 0)
            {
                Packets = Take(length);
                return true;
            }

            if (_start < _end && _buffer[_start] != '$' && EndOfHead() is > 0 and var end)
            {
                Head = Encoding.Latin1.GetString(Take(end).Span).TrimEnd('\r', '\n').Split('\n').Select(l => l.TrimEnd('\r')).ToArray();
                return await ReadBodyAsync(cancellationToken).ConfigureAwait(false);
            }

            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }
    }

    /// <summary>The value of a header; null when it is not there.</summary>
    public static string? Header(string[] head, string name) => Headers(head, name).FirstOrDefault();

    /// <summary>All values of a header.</summary>
    public static IEnumerable<string> Headers(string[] head, string name) => head.Skip(1)
        .Where(l => l.Length > name.Length && l[name.Length] == ':' && l.StartsWith(name, StringComparison.OrdinalIgnoreCase))
        .Select(l => l[(name.Length + 1)..].Trim());

    // Whole packets, and stray bytes between them as cheap cameras have them.
    private int PacketsLength()
    {
        int length = 0;
        while (_start + length < _end)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_start + length, _end - _start - length);
            int next = rest[0] == '$' ? (rest.Length < 4 ? int.MaxValue : 4 + ((rest[2] << 8) | rest[3]))
                : char.IsAsciiLetterUpper((char)rest[0]) ? int.MaxValue
                : 1;
            if (next > rest.Length)
            {
                break;
            }

            length += next;
        }

        return length;
    }

    private int EndOfHead()
    {
        ReadOnlySpan<byte> text = _buffer.AsSpan(_start, _end - _start);
        for (int i = 0; i < text.Length - 1; i++)
        {
            if (text[i] == '\n' && (text[i + 1] == '\n' || (text[i + 1] == '\r' && i + 2 < text.Length && text[i + 2] == '\n')))
            {
                return i + (text[i + 1] == '\n' ? 2 : 3);
            }
        }

        return text.Length > LargestHead ? throw new IOException("it sends a text without an end in place of RTSP") : 0;
    }

    private async ValueTask<bool> ReadBodyAsync(CancellationToken cancellationToken)
    {
        string said = Header(Head, "Content-Length") ?? "0";
        if (!int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length > LargestBody)
        {
            throw new IOException($"it announces a description of {(said.Length > 20 ? said[..20] : said)} bytes");
        }

        Body = new byte[length];
        for (int done = 0; done < length;)
        {
            if (_start == _end && !await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            int part = Math.Min(length - done, _end - _start);
            Take(part).CopyTo(Body.AsMemory(done));
            done += part;
        }

        return true;
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        ReadOnlyMemory<byte> taken = _buffer.AsMemory(_start, count);
        _start += count;
        return taken;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        int count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += count;
        return count > 0;
    }
}
