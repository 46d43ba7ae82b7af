using System.Diagnostics.CodeAnalysis;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>Finds the classes of a model by the names that instructions use, and says why an instruction does not fit.</summary>
internal sealed class KnownClasses(ModelManifest manifest)
{
    private readonly LabelPalette _classes = manifest.Classes;

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

    /// <summary>Why the model cannot answer an instruction that is none of its own matter: instances, unknown classes and tasks.</summary>
    public string? WhyNot(Instruction instruction, bool answersKind) => instruction switch
    {
        InstancesInstruction instances when manifest.Tasks.Instances is { } task => WhyNot(instances, task.ClassIds),
        InstancesInstruction instances when answersKind => WhyNot(instances, [.. _classes.Select(c => c.Id)]),
        InstancesInstruction => $"{manifest.Name} tells classes apart, not objects of one class: it has no instance task. "
            + $"Ask for labels instead, or for one class with: "
                + $"{Instruction.Refer(_classes.Count > 0 ? _classes[^1].Name : "…", new Rgb24(255, 255, 255)).Prompt}",
        _ when !answersKind => $"{manifest.Name} was not made for {InstructionForms.Of(instruction.Kind).Noun}",
        SemanticInstruction semantic => WhyNot(semantic.Palette),
        ReferringInstruction referring when !TryFindPhrase(referring.Phrase, out _) =>
            $"{manifest.Name} understands the names of its classes only, and '{referring.Phrase}' is none of them; it knows: {Names}",
        _ => null,
    };

    private string? WhyNot(InstancesInstruction instances, IReadOnlyCollection<int> ids) =>
        TryFindPhrase(instances.ClassName, out LabelColour? found) && ids.Contains(found.Value.Id)
            ? null
            : $"{manifest.Name} tells the objects of some classes apart, and '{instances.ClassName}' is none of them; it knows: "
                + string.Join(", ", _classes.Where(c => ids.Contains(c.Id)).Select(c => c.Name));

    private string Names => string.Join(", ", _classes.Select(c => c.Name));

    private string? WhyNot(LabelPalette palette)
    {
        string[] unknown =
        [
            .. palette.Where((e, i) => i != palette.Background && _classes.IndexOf(e.Name.Trim()) < 0).Select(e => $"'{e.Name}'"),
        ];
        if (unknown.Length > 0)
        {
            return $"{manifest.Name} has no class named {string.Join(", ", unknown)}; it knows: {Names}";
        }

        return palette.Count == 0 ? $"the instruction names no class; {manifest.Name} knows: {Names}" : null;
    }
}
