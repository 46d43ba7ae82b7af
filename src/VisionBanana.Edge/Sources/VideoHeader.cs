using System.Globalization;
using System.Text;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Sources;

/// <summary>What a stream of YUV4MPEG2 says of its pictures. The only reader of such headers, which may be anything.</summary>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
/// <param name="FramesPerSecond">The rate; null = not told.</param>
/// <param name="Encoding">The layout of a picture.</param>
/// <param name="IsFullRange">Luminance goes from 0 to 255 in place of 16 to 235.</param>
internal sealed record VideoHeader(int Width, int Height, double? FramesPerSecond, RawEncoding Encoding, bool IsFullRange)
{
    /// <summary>Lines are refused beyond so many bytes.</summary>
    public const int LongestLine = 512;

    /// <summary>Pictures are refused beyond so many pixels.</summary>
    public const long MostPixels = 64 << 20;

    private const string Magic = "YUV4MPEG2";
    private const string How = "FFmpeg: -pix_fmt yuv420p -f yuv4mpegpipe -; GStreamer: videoconvert ! video/x-raw,format=I420 ! y4menc ! fdsink";

    /// <summary>Reads the first line of a stream; null when it ends before its first byte.</summary>
    /// <exception cref="CameraException">It is another stream, or one of pictures that cannot be read.</exception>
    public static VideoHeader? Read(PipeBytes bytes)
    {
        if (Line(bytes, Magic, "its first line") is not { } line)
        {
            return null;
        }

        (int width, int height, double? rate, string colour, bool full) = (0, 0, null, "420jpeg", false);
        foreach (string word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            string value = word[1..];
            switch (word[0])
            {
                case 'W':
                    width = Side(word);
                    break;
                case 'H':
                    height = Side(word);
                    break;
                case 'F':
                    rate = Rate(word);
                    break;
                case 'I' when value is not ("p" or "?"):
                    throw new CameraException(
                        $"The program sends half pictures ({word}): expected progressive ones. FFmpeg: -vf yadif; GStreamer: deinterlace.");
                case 'C':
                    colour = value;
                    break;
                case 'X':
                    full |= value.Equals("COLORRANGE=FULL", StringComparison.OrdinalIgnoreCase);
                    break;
            }
        }

        RawEncoding? encoding = colour switch
        {
            "420" or "420jpeg" or "420mpeg2" or "420paldv" => RawEncoding.Find("i420"),
            "mono" => RawEncoding.Find("mono8"),
            _ => null,
        };
        if (encoding is null)
        {
            throw new CameraException($"The program sends pictures as C{colour}: expected C420jpeg, C420mpeg2, C420paldv or Cmono. {How}");
        }

        if (width == 0 || height == 0 || (long)width * height > MostPixels)
        {
            throw new CameraException($"The program says W{width} H{height}: expected a width and a height, and at most {MostPixels} pixels.");
        }

        return new VideoHeader(width, height, rate, encoding, full && encoding.IsColour);
    }

    /// <summary>Reads the line before a picture; false when the stream ends there.</summary>
    /// <exception cref="CameraException">Something else stands there.</exception>
    public static bool TryReadFrame(PipeBytes bytes) => Line(bytes, "FRAME", "the line before a picture") is not null;

    /// <summary>A line that begins with a word; null when the stream ends before its first byte.</summary>
    private static string? Line(PipeBytes bytes, string begins, string what)
    {
        var line = new StringBuilder();
        for (int b = bytes.ReadByte(); b != '\n' || line.Length < begins.Length; b = bytes.ReadByte())
        {
            if (b < 0 && line.Length == 0)
            {
                return null;
            }

            // What is wrong shows early: no byte is kept of a stream that is another one.
            bool isOther = line.Length < begins.Length ? b != begins[line.Length] : line.Length == begins.Length && b != ' ';
            if (b < 0 || isOther || line.Length == LongestLine)
            {
                string found = b < 0 ? $"'{line}' and the end" : $"{(line.Length > 32 ? "a longer line" : $"'{line}'")} and then byte {b}";
                throw new CameraException(
                    $"The program sends no YUV4MPEG2: expected {what}, '{begins}' and at most {LongestLine} bytes; found {found}. {How}; or say the format, "
                        + "width and height of raw pictures in camera.source.");
            }

            line.Append((char)b);
        }

        return line.ToString();
    }

    private static int Side(string word) =>
        int.TryParse(word.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side is > 0 and <= 32768
        ? side
        : throw new CameraException($"The program says {word} in its YUV4MPEG2: expected a side of 1 to 32768 pixels.");

    /// <summary><c>F30000:1001</c>; 0:0 is not told.</summary>
    private static double? Rate(string word)
    {
        string[] parts = word[1..].Split(':');
        if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int of))
        {
            throw new CameraException($"The program says {word} in its YUV4MPEG2: expected a rate such as F30:1.");
        }

        return number > 0 && of > 0 && (double)number / of <= 1000 ? (double)number / of : null;
    }
}
