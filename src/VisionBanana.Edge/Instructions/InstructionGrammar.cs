using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>The wordings an instruction may have. Each rule reads the whole text or gives null and leaves the reader at the beginning.</summary>
internal sealed class InstructionGrammar(string text, LabelPalette? classes)
{
    private static readonly Rgb24 White = new(255, 255, 255);
    private readonly InstructionReader _reader = new(text);

    public Instruction Read()
    {
        Instruction? found = Short();
        found ??= Depth();
        found ??= Normals();
        found ??= Instances();
        found ??= Referring();
        found ??= new PaletteGrammar(_reader, classes).Read();
        if (found is null && _reader.NothingFitted)
        {
            _reader.SkipSpace();
            throw _reader.Error(
                _reader.Position,
                "expected depth, normals, labels, instances:CLASS, refer:PHRASE, classes and their colours such as {\"cat\": <255, 165, 0>}, " +
                $"or a prompt that begins with Generate, Predict or The; found {_reader.Describe(_reader.Position)}.");
        }

        if (found is null)
        {
            _reader.Fail();
        }

        return found;
    }

    private Instruction? Short()
    {
        if (Whole("depth"))
        {
            return Instruction.MetricDepth();
        }

        if (Whole("normals"))
        {
            return Instruction.SurfaceNormals();
        }

        if (Whole("labels"))
        {
            return classes is { Count: > 0 }
                ? Instruction.Semantic(classes)
                : throw _reader.Error(0, "'labels' asks for every class of the model, and no model is known here: write the classes and their colours, {\"cat\": <255, 165, 0>, …}.");
        }

        return Short("instances:", "a class") is { } name ? Instruction.Instances(name, default)
            : Short("refer:", "a phrase") is { } phrase ? Instruction.Refer(WithoutArticle(phrase), White)
            : null;
    }

    private bool Whole(string word)
    {
        bool matches = _reader.Words(word) && _reader.End();
        _reader.Position = 0;
        return matches;
    }

    private string? Short(string keyword, string what)
    {
        if (!_reader.Words(keyword))
        {
            return null;
        }

        string rest = _reader.Text[_reader.Position..].Trim();
        return rest.Length > 0 ? rest : throw _reader.Error(_reader.Text.Length, $"expected {what} after '{keyword}', found the end of the text.");
    }

    // The prompt says "the" itself.
    private static string WithoutArticle(string phrase) =>
        phrase.StartsWith("the ", StringComparison.OrdinalIgnoreCase) && phrase[4..].Trim() is { Length: > 0 } rest ? rest : phrase;

    private DepthInstruction? Depth()
    {
        bool found = _reader.Words("Generate a metric depth map of the input image")
            || _reader.Words("Predict the metric depth of this scene as an image");
        if (found && Optional("."))
        {
            // Other palettes are lines too, but the bundled codecs read metres from the walk alone.
            found = _reader.AtEnd
                || _reader.Words("Visualized in the rainbow (black-red-yellow-green-cyan-blue-violet-white) color palette")
                || _reader.Words("Visualized in the rainbow color palette");
        }

        return Finish(found) ? new DepthInstruction() : null;
    }

    private NormalsInstruction? Normals() =>
        Finish(_reader.Words("Generate a surface normal map of the input image")) ? new NormalsInstruction() : null;

    private InstancesInstruction? Instances()
    {
        bool found = _reader.Words("Generate an instance segmentation visualization of this image") && Optional(".") && _reader.Words("Each");
        string name = "";
        Rgb24 background = default;
        if (found && (found = Until(" is colored differently", out name)) && Optional(".") && !_reader.AtEnd)
        {
            found = _reader.Words("Background is") && ColourText.TryRead(_reader, out background);
        }

        return Finish(found) ? new InstancesInstruction(name, background) : null;
    }

    private ReferringInstruction? Referring()
    {
        string phrase = "";
        Rgb24 colour = default;
        bool found = _reader.Words("The area that corresponds to the") && Until(" is rendered solid ", out phrase);
        int colourAt = _reader.Position;
        if (!Finish(found && ColourText.TryRead(_reader, out colour)))
        {
            return null;
        }

        return colour != default
            ? new ReferringInstruction(phrase, colour)
            : throw _reader.Error(colourAt, "expected a colour other than black, which is the background of a referring painting.");
    }

    /// <summary>
    /// Takes everything up to the last occurrence of a marker, and reads the marker: what people ask for may hold any words, the marker included.
    /// </summary>
    private bool Until(string marker, out string content)
    {
        string text = _reader.Text;
        int at = text.LastIndexOf(marker, StringComparison.OrdinalIgnoreCase);
        if (at < 0 && marker.Contains("color", StringComparison.Ordinal))
        {
            marker = marker.Replace("color", "colour", StringComparison.Ordinal);
            at = text.LastIndexOf(marker, StringComparison.OrdinalIgnoreCase);
        }

        content = at >= _reader.Position ? text[_reader.Position..at].Trim() : "";
        if (content.Length > 0)
        {
            _reader.Position = at + marker.Length;
            return true;
        }

        _reader.SkipSpace();
        _reader.Expect($"words and then \"{marker.Trim()}\"");
        return false;
    }

    private bool Optional(string symbol)
    {
        _reader.Symbol(symbol[0]);
        return true;
    }

    private bool Finish(bool found)
    {
        if (found && _reader.End())
        {
            return true;
        }

        _reader.Position = 0;
        return false;
    }
}
