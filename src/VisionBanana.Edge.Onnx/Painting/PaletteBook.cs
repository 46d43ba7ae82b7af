using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>Turns instructions into palettes, once each.</summary>
internal sealed class PaletteBook
{
    /// <summary>Instructions come from people and programs: more than this many different ones are not kept.</summary>
    private const int Capacity = 64;

    private readonly Dictionary<Instruction, PreparedInstruction> _prepared = [];
    private readonly ModelManifest _manifest;
    private readonly KnownClasses _classes;
    private readonly int _slots;

    public PaletteBook(ModelManifest manifest)
    {
        _manifest = manifest;
        _classes = new KnownClasses(manifest);
        _slots = manifest.Painter!.Slots;
    }

    public string? WhyNot(Instruction instruction) => _classes.WhyNot(instruction, instruction.Kind switch
    {
        PerceptKind.Depth => _manifest.Tasks.Depth is not null,
        PerceptKind.Normals => _manifest.Tasks.Normals is not null,
        PerceptKind.Labels or PerceptKind.Mask => _manifest.Tasks.Labels is not null,
        _ => false,
    });

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

        PreparedInstruction prepared = Paint(instruction);
        if (_prepared.Count == Capacity)
        {
            _prepared.Clear();
        }

        _prepared.Add(instruction, prepared);
        return prepared;
    }

    private PreparedInstruction Paint(Instruction instruction)
    {
        ModelTasks tasks = _manifest.Tasks;
        switch (instruction)
        {
            case DepthInstruction:
                return new PreparedInstruction(tasks.Depth!.Id, PaletteColours.OfWalk(_slots));
            case NormalsInstruction:
                return new PreparedInstruction(tasks.Normals!.Id, PaletteColours.OfDirections(tasks.Normals.Directions));
            case SemanticInstruction semantic:
                return new PreparedInstruction(
                    tasks.Labels!.Id,
                    PaletteColours.OfClasses(
                        _slots, semantic.Palette.RemainderColour, _classes.Asked(semantic.Palette).Select(a => (a.ClassId, a.Asked.Colour))));
            case InstancesInstruction instances when tasks.Instances is { } task && _classes.TryFindPhrase(instances.ClassName, out LabelColour? found):
                return new PreparedInstruction(task.TaskOf(found.Value.Id), PaletteColours.OfInstances(_slots, task.BackgroundSlot, instances.Background));
            case ReferringInstruction referring when _classes.TryFindPhrase(referring.Phrase, out LabelColour? named):
                return new PreparedInstruction(tasks.Labels!.Id, PaletteColours.OfClasses(_slots, default, [(named.Value.Id, referring.Colour)]));
            default:
                throw new InferenceException($"{_manifest.Name} cannot answer: {instruction.Prompt}");
        }
    }
}
