namespace VisionBanana.Edge.Instructions;

/// <summary>Reads an instruction in any of its forms, and what the forms have in common: each reads the whole text or nothing.</summary>
internal sealed class InstructionGrammar(string text, LabelPalette? classes)
{
    public InstructionReader Reader { get; } = new(text);

    /// <summary>The classes of the model that will paint; null when none is known.</summary>
    public LabelPalette? Classes => classes;

    public Instruction Read()
    {
        foreach (InstructionForm form in InstructionForms.All)
        {
            Reader.Position = 0;
            if (form.Read(this) is { } found)
            {
                return found;
            }
        }

        Reader.Position = 0;
        if (Reader.NothingFitted)
        {
            Reader.SkipSpace();
            throw Reader.Error(
                Reader.Position,
                $"expected {string.Join(", ", InstructionForms.All.Select(form => form.Hint))}, " +
                $"or a prompt that begins with Generate, Predict or The; found {Reader.Describe(Reader.Position)}.");
        }

        Reader.Fail();
        return null;
    }

    /// <summary>Reads one word that is the whole text.</summary>
    public bool Whole(string word) => Finish(Reader.Words(word));

    /// <summary>Reads a keyword and takes the rest of the text, or gives null.</summary>
    public string? Rest(string keyword, string what)
    {
        if (!Reader.Words(keyword))
        {
            return null;
        }

        string rest = Reader.Text[Reader.Position..].Trim();
        return rest.Length > 0 ? rest : throw Reader.Error(Reader.Text.Length, $"expected {what} after '{keyword}', found the end of the text.");
    }

    /// <summary>
    /// Takes everything up to the last occurrence of a marker, and reads the marker: what people ask for may hold any words, the marker included.
    /// </summary>
    public bool Until(string marker, out string content)
    {
        string text = Reader.Text;
        int at = text.LastIndexOf(marker, StringComparison.OrdinalIgnoreCase);
        if (at < 0 && marker.Contains("color", StringComparison.Ordinal))
        {
            marker = marker.Replace("color", "colour", StringComparison.Ordinal);
            at = text.LastIndexOf(marker, StringComparison.OrdinalIgnoreCase);
        }

        content = at >= Reader.Position ? text[Reader.Position..at].Trim() : "";
        if (content.Length > 0)
        {
            Reader.Position = at + marker.Length;
            return true;
        }

        Reader.SkipSpace();
        Reader.Expect($"words and then \"{marker.Trim()}\"");
        return false;
    }

    /// <summary>Reads a symbol, if it is there.</summary>
    public bool Optional(char symbol)
    {
        Reader.Symbol(symbol);
        return true;
    }

    /// <summary>Reads the end of the text after what was found; goes back to the beginning when there is more, or nothing was found.</summary>
    public bool Finish(bool found)
    {
        if (found && Reader.End())
        {
            return true;
        }

        Reader.Position = 0;
        return false;
    }
}
