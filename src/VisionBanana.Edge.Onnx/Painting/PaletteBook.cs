using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>Turns instructions into palettes, once each.</summary>
internal sealed class PaletteBook(ModelManifest manifest)
{
    /// <summary>Instructions come from people and programs: more than this many different ones are not kept.</summary>
    private const int Capacity = 64;

    private readonly Dictionary<Instruction, PreparedInstruction> _prepared = [];
    private readonly KnownClasses _classes = new(manifest);

    public string? WhyNot(Instruction instruction) => _classes.WhyNot(instruction, TaskForms.Of(instruction.Kind).IsIn(manifest.Tasks));

    /// <exception cref="InferenceException">The model cannot answer the instruction.</exception>
    public PreparedInstruction Prepare(Instruction instruction)
    {
        if (_prepared.TryGetValue(instruction, out PreparedInstruction? known))
        {
            return known;
        }

        if (WhyNot(instruction) is { } reason)
        {
            throw new InferenceException(reason);
        }

        PreparedInstruction prepared = TaskForms.Of(instruction.Kind).Prepare(manifest, _classes, instruction);
        if (_prepared.Count == Capacity)
        {
            _prepared.Clear();
        }

        _prepared.Add(instruction, prepared);
        return prepared;
    }
}
