using System.Diagnostics.CodeAnalysis;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>Finds the classes of a model by the names that instructions use, and says why an instruction does not fit.</summary>
internal sealed class KnownClasses(ModelManifest manifest)
{
    private readonly LabelPalette _classes = manifest.Classes;

    /// <summary>The model's name, for messages.</summary>
    public string Model => manifest.Name;

    /// <summary>The names of all classes, for messages.</summary>
    public string Names => string.Join(", ", _classes.Select(c => c.Name));

    /// <summary>A prompt for one class, for messages.</summary>
    public string AskForOne => Instruction.Refer(_classes.Count > 0 ? _classes[^1].Name : "…", new Rgb24(255, 255, 255)).Prompt;

    /// <summary>The classes that a palette asks for, with the colour asked and the palette's entry.</summary>
    public IEnumerable<(int ClassId, LabelColour Asked)> Asked(LabelPalette palette)
    {
        foreach (LabelColour entry in palette)
        {
            int index = _classes.IndexOf(entry.Name.Trim());
            if (index >= 0)
            {
                yield return (_classes[index].Id, entry);
            }
        }
    }

    /// <summary>The class that a phrase names, with or without an article; spaces stand for underscores.</summary>
    public bool TryFindPhrase(string phrase, [NotNullWhen(true)] out LabelColour? found)
    {
        string name = phrase.Trim();
        foreach (string article in (ReadOnlySpan<string>)["the ", "a ", "an "])
        {
            if (name.StartsWith(article, StringComparison.OrdinalIgnoreCase))
            {
                name = name[article.Length..].TrimStart();
                break;
            }
        }

        int index = _classes.IndexOf(name);
        index = index >= 0 ? index : _classes.IndexOf(name.Replace(' ', '_'));
        found = index >= 0 ? _classes[index] : null;
        return index >= 0;
    }

    /// <summary>The class that a phrase names.</summary>
    /// <exception cref="InferenceException">It names none.</exception>
    public LabelColour Require(string phrase) =>
        TryFindPhrase(phrase, out LabelColour? found) ? found.Value : throw new InferenceException($"{Model} has no class named '{phrase}'; it knows: {Names}");

    /// <summary>Whether a class has this name.</summary>
    public bool Has(string name) => _classes.IndexOf(name.Trim()) >= 0;

    /// <summary>The ids of the classes whose objects the model tells apart; null = of none.</summary>
    /// <param name="always">Of all, when the manifest does not say of which.</param>
    public IReadOnlyCollection<int>? TellsApart(bool always) => manifest.Tasks.Instances is { } task ? task.ClassIds
        : always ? [.. _classes.Select(c => c.Id)]
        : null;

    /// <summary>The names of some of the classes, for messages.</summary>
    public string NamesOf(IReadOnlyCollection<int> ids) => string.Join(", ", _classes.Where(c => ids.Contains(c.Id)).Select(c => c.Name));

    /// <summary>Why the model cannot answer an instruction, or null when it can.</summary>
    /// <param name="instruction">What is asked.</param>
    /// <param name="answersKind">Whether the model answers with this kind of percept at all.</param>
    public string? WhyNot(Instruction instruction, bool answersKind) => TaskForms.Of(instruction.Kind).WhyNot(this, instruction, answersKind);
}
