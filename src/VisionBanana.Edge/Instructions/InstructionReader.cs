using System.Diagnostics.CodeAnalysis;

namespace VisionBanana.Edge.Instructions;

/// <summary>
/// A place in an instruction text, and the words that are read there. Case, runs of white space and British or American spelling of
/// "colour" do not matter. A reading that fails leaves the place where it was and remembers how far it came: when nothing fits,
/// the error tells what was expected at the farthest place, which is where the author went wrong.
/// </summary>
internal sealed class InstructionReader(string text)
{
    private readonly List<string> _expected = [];
    private int _farthest;

    public string Text { get; } = text;

    public int Position { get; set; }

    public bool AtEnd
    {
        get
        {
            SkipSpace();
            return Position == Text.Length;
        }
    }

    public void SkipSpace()
    {
        while (Position < Text.Length && char.IsWhiteSpace(Text[Position]))
        {
            Position++;
        }
    }

    /// <summary>Reads one character after white space.</summary>
    public bool Symbol(char symbol)
    {
        int start = Position;
        SkipSpace();
        if (Position < Text.Length && Text[Position] == symbol)
        {
            Position++;
            return true;
        }

        Expect($"'{symbol}'");
        Position = start;
        return false;
    }

    /// <summary>Reads a phrase word by word.</summary>
    public bool Words(string phrase)
    {
        int start = Position;
        string[] words = phrase.Split(' ');
        for (int i = 0; i < words.Length; i++)
        {
            SkipSpace();
            int length = MatchWord(words[i]);
            if (length == 0)
            {
                Expect($"\"{string.Join(' ', words.Skip(i))}\"");
                Position = start;
                return false;
            }

            Position += length;
        }

        return true;
    }

    /// <summary>Reads a full stop, if there is one, and then the end of the text.</summary>
    public bool End()
    {
        int start = Position;
        Symbol('.');
        if (AtEnd)
        {
            return true;
        }

        Expect("the end");
        Position = start;
        return false;
    }

    /// <summary>Notes what would have fitted at the current place.</summary>
    public void Expect(string what)
    {
        if (Position < _farthest)
        {
            return;
        }

        if (Position > _farthest)
        {
            _farthest = Position;
            _expected.Clear();
        }

        if (!_expected.Contains(what))
        {
            _expected.Add(what);
        }
    }

    /// <summary>True when not even the first word fitted anything.</summary>
    public bool NothingFitted => string.IsNullOrWhiteSpace(Text[.._farthest]);

    /// <summary>Ends the reading with what was expected at the farthest place that was reached.</summary>
    [DoesNotReturn]
    public void Fail()
    {
        string expected = _expected.Count == 1 ? _expected[0] : $"{string.Join(", ", _expected.SkipLast(1))} or {_expected[^1]}";
        throw Error(_farthest, $"expected {expected}, found {Describe(_farthest)}.");
    }

    public InstructionFormatException Error(int position, string problem) => new(Text, position, problem);

    /// <summary>What stands at a place, in quotes.</summary>
    public string Describe(int position)
    {
        if (position >= Text.Length)
        {
            return "the end of the text";
        }

        int end = position + 1;
        if (char.IsLetterOrDigit(Text[position]))
        {
            while (end < Text.Length && end < position + 24 && char.IsLetterOrDigit(Text[end]))
            {
                end++;
            }
        }

        return $"'{Text[position..end]}'";
    }

    private int MatchWord(string word)
    {
        ReadOnlySpan<char> rest = Text.AsSpan(Position);
        foreach (string spelling in Spellings(word))
        {
            if (rest.StartsWith(spelling, StringComparison.OrdinalIgnoreCase)
                && (rest.Length == spelling.Length || !char.IsLetterOrDigit(rest[spelling.Length]) || !char.IsLetterOrDigit(spelling[^1])))
            {
                return spelling.Length;
            }
        }

        return 0;
    }

    private static IEnumerable<string> Spellings(string word) =>
        word.Contains("color", StringComparison.Ordinal) ? [word, word.Replace("color", "colour", StringComparison.Ordinal)] : [word];
}
