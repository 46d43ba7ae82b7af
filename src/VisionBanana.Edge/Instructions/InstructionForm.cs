using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>
/// How one task is asked for: an entry of <see cref="InstructionForms.All"/>. A task has one file here, with its instruction, which says what
/// the answer is, and its form, which reads it.
/// </summary>
public abstract class InstructionForm
{
    private protected InstructionForm(PerceptKind kind, string example)
    {
        Kind = kind;
        Example = example;
        Word = kind.ToString().ToLowerInvariant();
    }

    /// <summary>What the answers decode to.</summary>
    public PerceptKind Kind { get; }

    /// <summary>The task in one word, as files, layers and JSON name it, e.g. <c>depth</c>.</summary>
    public string Word { get; }

    /// <summary>A short text that asks for it, e.g. <c>instances:chair</c>.</summary>
    public string Example { get; }

    /// <summary>What a menu calls it, e.g. <c>instances of a class</c>.</summary>
    public virtual string Title => Word;

    /// <summary>What a sentence calls its answers, e.g. <c>referring expressions</c>.</summary>
    public virtual string Noun => Word;

    /// <summary>What a text may be to be this, for errors.</summary>
    internal virtual string Hint => Word;

    /// <summary>Reads the whole text in one of the wordings of this form, or gives null.</summary>
    internal abstract Instruction? Read(InstructionGrammar grammar);
}
