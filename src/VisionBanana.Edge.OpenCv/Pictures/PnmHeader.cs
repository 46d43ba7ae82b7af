using System.Globalization;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>Reads the size of PBM, PGM and PPM: two numbers between white space and comments.</summary>
internal static class PnmHeader
{
    /// <summary>Longer headers are none: comments would hide the size.</summary>
    private const int MostBytes = 4096;

    /// <summary>False when there are no two numbers.</summary>
    /// <param name="header">What follows on the magic number.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    public static bool TryReadSize(ReadOnlySpan<byte> header, out long width, out long height)
    {
        header = header[..Math.Min(header.Length, MostBytes)];
        height = 0;
        return TryReadNumber(ref header, out width) && TryReadNumber(ref header, out height);
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        while (!text.IsEmpty && (text[0] == '#' || char.IsWhiteSpace((char)text[0])))
        {
            int skipped = text[0] == '#' ? text.IndexOf((byte)'\n') : 1;
            text = skipped < 0 ? [] : text[skipped..];
        }

        int digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? text.Length : digits;
        bool isNumber = digits is > 0 and <= 9 && long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out value);
        text = text[digits..];
        return isNumber;
    }
}
