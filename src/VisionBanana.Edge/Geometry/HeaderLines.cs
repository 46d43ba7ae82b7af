using System.Text;

namespace VisionBanana.Edge.Geometry;

/// <summary>Reads the text lines before the binary part of a point file, a byte at a time, so that the stream stands exactly at the data.</summary>
internal sealed class HeaderLines(Stream stream, string format)
{
    private const int MaxBytes = 64 * 1024;
    private readonly StringBuilder _line = new();
    private int _bytes;

    /// <summary>1-based number of the line that <see cref="Next"/> gave last.</summary>
    public int Number { get; private set; }

    /// <summary>The next line, split at blanks.</summary>
    public string[] Next()
    {
        _line.Clear();
        Number++;
        while (true)
        {
            int b = stream.ReadByte();
            if (b < 0 || ++_bytes > MaxBytes)
            {
                throw Error(b < 0 ? "the file ends within its header" : "the header does not end");
            }

            if (b == '\n')
            {
                return _line.ToString().Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            }

            _line.Append((char)b);
        }
    }

    public MessageFormatException Error(string problem) => new($"This is not a readable {format} file (line {Number}): {problem}.");
}
