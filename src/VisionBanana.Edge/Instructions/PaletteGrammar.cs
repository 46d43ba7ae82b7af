using System.Text;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>The two wordings of classes and their colours: a mapping in braces, and one sentence per class.</summary>
internal sealed class PaletteGrammar(InstructionReader reader, LabelPalette? classes)
{
    private readonly List<LabelColour> _entries = [];

    public SemanticInstruction? Read()
    {
        bool found = Mapping() || Sentences();
        return found ? new SemanticInstruction(new LabelPalette(_entries)) : null;
    }

    // {"cat ears": <255, 165, 0>, "background": <125, 0, 125>}, with or without the sentence before it.
    private bool Mapping()
    {
        if (reader.Words("Generate a visualization image of semantic segmentation, using this color mapping:"))
        {
            // From here on it can be nothing else.
            if (!reader.Symbol('{'))
            {
                reader.Fail();
            }
        }
        else if (!reader.Symbol('{'))
        {
            return false;
        }

        do
        {
            (string name, int at) = QuotedName();
            int colourAt = reader.Symbol(':') ? reader.Position : 0;
            if (colourAt == 0 || !ColourText.TryRead(reader, out Rgb24 colour))
            {
                reader.Fail();
                return false;
            }

            Add(name, at, colour, colourAt);
        }
        while (reader.Symbol(','));

        if (!reader.Symbol('}') || !reader.End())
        {
            reader.Fail();
        }

        return true;
    }

    private (string Name, int At) QuotedName()
    {
        if (!reader.Symbol('"'))
        {
            reader.Fail();
        }

        int start = reader.Position;
        var name = new StringBuilder();
        for (int i = start; i < reader.Text.Length; i++)
        {
            char c = reader.Text[i];
            if (c == '"')
            {
                reader.Position = i + 1;
                return (name.ToString(), start);
            }

            if (c == '\\' && i + 1 < reader.Text.Length && reader.Text[i + 1] is '"' or '\\')
            {
                c = reader.Text[++i];
            }

            name.Append(c);
        }

        throw reader.Error(start - 1, "expected a closing '\"' after the class name, found the end of the text.");
    }

    // The menu is #80C000. The dessert is #800000.
    private bool Sentences()
    {
        while (reader.Words("The"))
        {
            reader.SkipSpace();
            int start = reader.Position;
            if (!SentenceRest(start, out int nameEnd, out Rgb24 colour, out int colourAt))
            {
                reader.Position = 0;
                return false;
            }

            Add(reader.Text[start..nameEnd].Trim(), start, colour, colourAt);
            if (reader.AtEnd)
            {
                return true;
            }
        }

        reader.Position = 0;
        return false;
    }

    // The name may hold the word "is": the first "is" with a colour and a full stop behind it ends it.
    private bool SentenceRest(int start, out int nameEnd, out Rgb24 colour, out int colourAt)
    {
        for (int from = start; ; from = nameEnd + 1)
        {
            nameEnd = reader.Text.IndexOf(" is ", from, StringComparison.OrdinalIgnoreCase);
            if (nameEnd < 0)
            {
                reader.Expect("a name and then \"is\" and a colour");
                (colour, colourAt) = (default, 0);
                return false;
            }

            reader.Position = nameEnd + 4;
            colourAt = reader.Position;
            if (nameEnd > start && ColourText.TryRead(reader, out colour) && (reader.Symbol('.') || reader.AtEnd))
            {
                return true;
            }
        }
    }

    private void Add(string name, int at, Rgb24 colour, int colourAt)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw reader.Error(at, "expected the name of a class, found nothing.");
        }

        foreach (LabelColour entry in _entries)
        {
            if (entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                throw reader.Error(at, $"the class '{name}' stands twice; give each class once.");
            }

            if (entry.Colour == colour)
            {
                throw reader.Error(colourAt, $"'{entry.Name}' has the colour {colour} already: a painting could not be decoded. Choose another for '{name}'.");
            }
        }

        _entries.Add(new LabelColour(IdOf(name, at), name, colour));
    }

    private int IdOf(string name, int at)
    {
        bool isBackground = name.Equals(LabelPalette.BackgroundName, StringComparison.OrdinalIgnoreCase);
        if (classes is null)
        {
            return isBackground ? 0 : 1 + _entries.Count(e => e.Id != 0);
        }

        int index = classes.IndexOf(name);
        if (index >= 0)
        {
            return classes[index].Id;
        }

        return !isBackground
            ? throw reader.Error(at, $"the model has no class '{name}'. It has: {string.Join(", ", classes.Select(c => c.Name))}.")
            : classes.Any(c => c.Id == 0) ? classes.Max(c => c.Id) + 1 : 0;
    }
}
