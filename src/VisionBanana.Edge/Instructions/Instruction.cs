using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>What is asked of the painter. Each instruction writes the paper's prompt; <c>Parse</c> reads it back.</summary>
public abstract partial record Instruction
{
    private protected Instruction()
    {
    }

    /// <summary>What the answer decodes to.</summary>
    public abstract PerceptKind Kind { get; }

    /// <summary>The prompt in the wording of the paper's project page.</summary>
    public abstract string Prompt { get; }

    /// <summary>True when the answer means nothing without the camera's geometry: metres and directions.</summary>
    public abstract bool NeedsCalibration { get; }

    /// <summary>The ids of the answer's labels that have a name and a colour of their own.</summary>
    public virtual IReadOnlyList<LabelColour> NamedIds => [];

    /// <summary>What id 0 is called when it is what was not asked for, or null when id 0 is like any other.</summary>
    public virtual string? BackgroundName => null;

    /// <summary>What an id without a name is called, before its number.</summary>
    public virtual string OtherIds => "id";

    /// <summary>Says how many different ids were found beside the background; empty when that is of no interest.</summary>
    public virtual string Tally(int things) => "";

    /// <summary>What an id of the answer's labels means.</summary>
    public string NameOf(int id) =>
        BackgroundName is { } background && id == 0 ? background : Find(id) is { } named ? named.Name : $"{OtherIds} {id}";

    /// <summary>The colour that was asked for an id of the answer's labels, or null when any will do.</summary>
    public Rgb24? ColourOf(int id) => Find(id)?.Colour;

    private LabelColour? Find(int id)
    {
        foreach (LabelColour entry in NamedIds)
        {
            if (entry.Id == id)
            {
                return entry;
            }
        }

        return null;
    }

    private protected static string Words(string text, string what) =>
        text?.Trim() is { Length: > 0 } words ? words : throw new ArgumentException($"{what} is empty: say what to look for.");

    /// <summary>The prompt.</summary>
    public sealed override string ToString() => Prompt;
}
