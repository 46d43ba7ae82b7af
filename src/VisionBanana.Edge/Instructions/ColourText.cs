using System.Globalization;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>
/// Reads a colour in any of the grammars that prompts use: <c>(255, 255, 0)</c>, <c>&lt;255, 165, 0&gt;</c>, <c>RGB(88, 50, 82)</c>,
/// <c>#80C000</c>, <c>#8C0</c>, or a name such as <c>light purple</c>.
/// </summary>
public static class ColourText
{
    private const string Grammars = "a colour: (r, g, b), <r, g, b>, RGB(r, g, b), #RRGGBB or a name such as 'light purple'";

    /// <summary>Reads a text that is a colour and nothing else.</summary>
    /// <exception cref="InstructionFormatException">It is not.</exception>
    public static Rgb24 Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new InstructionReader(text);
        if (TryRead(reader, out Rgb24 colour))
        {
            if (reader.AtEnd)
            {
                return colour;
            }

            reader.Expect("the end");
        }

        reader.Fail();
        return default;
    }

    /// <summary>Reads a colour at the reader's place, or leaves the place alone. A channel above 255 is an error at once.</summary>
    internal static bool TryRead(InstructionReader reader, out Rgb24 colour)
    {
        int start = reader.Position;
        reader.SkipSpace();
        reader.Expect(Grammars);
        if (TryReadHex(reader, out colour) || TryReadName(reader, out colour) || TryReadTriple(reader, out colour))
        {
            return true;
        }

        reader.Position = start;
        return false;
    }

    private static bool TryReadTriple(InstructionReader reader, out Rgb24 colour)
    {
        colour = default;
        if (At(reader, "RGB"))
        {
            reader.Position += 3;
            reader.SkipSpace();
        }

        char closing;
        if (reader.Position < reader.Text.Length && reader.Text[reader.Position] is '(' or '<')
        {
            closing = reader.Text[reader.Position] == '(' ? ')' : '>';
            reader.Position++;
        }
        else
        {
            return false;
        }

        if (Channel(reader, out byte r) && reader.Symbol(',') && Channel(reader, out byte g) && reader.Symbol(',')
            && Channel(reader, out byte b) && reader.Symbol(closing))
        {
            colour = new Rgb24(r, g, b);
            return true;
        }

        return false;
    }

    private static bool Channel(InstructionReader reader, out byte value)
    {
        reader.SkipSpace();
        int start = reader.Position, end = start;
        while (end < reader.Text.Length && char.IsAsciiDigit(reader.Text[end]))
        {
            end++;
        }

        if (end == start)
        {
            value = 0;
            reader.Expect("a number from 0 to 255");
            return false;
        }

        if (!byte.TryParse(reader.Text.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out value))
        {
            throw reader.Error(start, $"expected a number from 0 to 255, found {reader.Describe(start)}.");
        }

        reader.Position = end;
        return true;
    }

    private static bool TryReadHex(InstructionReader reader, out Rgb24 colour)
    {
        colour = default;
        if (!At(reader, "#"))
        {
            return false;
        }

        int start = reader.Position + 1, end = start;
        while (end < reader.Text.Length && char.IsAsciiLetterOrDigit(reader.Text[end]))
        {
            end++;
        }

        ReadOnlySpan<char> digits = reader.Text.AsSpan(start, end - start);
        if (digits.Length is not (3 or 6) || !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value))
        {
            throw reader.Error(start - 1, $"expected # and 6 (or 3) hexadecimal digits, found '#{digits}'.");
        }

        colour = digits.Length == 6
            ? new Rgb24((byte)(value >> 16), (byte)(value >> 8), (byte)value)
            : new Rgb24((byte)((value >> 8) * 17), (byte)(((value >> 4) & 15) * 17), (byte)((value & 15) * 17));
        reader.Position = end;
        return true;
    }

    private static bool TryReadName(InstructionReader reader, out Rgb24 colour)
    {
        // Up to three words; the longest run of them that is a name wins: "dark red" is not "dark", then "red".
        Span<int> ends = stackalloc int[3];
        int words = 0;
        for (int i = reader.Position; words < 3; words++)
        {
            while (words > 0 && i < reader.Text.Length && reader.Text[i] is ' ' or '-')
            {
                i++;
            }

            int wordStart = i;
            while (i < reader.Text.Length && char.IsAsciiLetter(reader.Text[i]))
            {
                i++;
            }

            if (i == wordStart)
            {
                break;
            }

            ends[words] = i;
        }

        for (; words > 0; words--)
        {
            if (ColourNames.TryFind(reader.Text.AsSpan(reader.Position, ends[words - 1] - reader.Position), out colour))
            {
                reader.Position = ends[words - 1];
                return true;
            }
        }

        colour = default;
        return false;
    }

    private static bool At(InstructionReader reader, string symbol) =>
        reader.Text.AsSpan(reader.Position).StartsWith(symbol, StringComparison.OrdinalIgnoreCase);
}
