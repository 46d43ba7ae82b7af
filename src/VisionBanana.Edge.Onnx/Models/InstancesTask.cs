using System.Collections.Immutable;
using System.Globalization;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>
/// Objects of one class: the value of the task input is <see cref="FirstId"/> + the id of the class. Palette rows are colours that tell objects
/// apart, one of them the instruction's background; which object takes which row is the model's choice.
/// </summary>
/// <param name="FirstId">Value of the task input for the class with id 0.</param>
/// <param name="BackgroundSlot">The palette row of everything that is no such object.</param>
/// <param name="ClassIds">The classes whose objects may be asked for.</param>
public sealed record InstancesTask(int FirstId, int BackgroundSlot, ImmutableArray<int> ClassIds)
{
    /// <summary>The most slots that colours far enough apart are found for.</summary>
    public const int MostSlots = 128;

    /// <summary>The value of the task input for objects of a class.</summary>
    public int TaskOf(int classId) => FirstId + classId;

    /// <summary>Reads the section <c>tasks.instances</c> of a painter with so many slots.</summary>
    internal static InstancesTask? Read(YamlSection? section, int slots, LabelPalette classes)
    {
        if (section is null)
        {
            return null;
        }

        int first = section.RequireInt("first_id", 0);
        int background = section.RequireInt("background_slot", 0, slots > 0 ? slots - 1 : int.MaxValue);
        var ids = new List<int>();
        foreach (string text in section.Strings("classes"))
        {
            bool isId = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id);
            LabelColour[] found = [.. classes.Where(c => isId ? c.Id == id : string.Equals(c.Name, text, StringComparison.OrdinalIgnoreCase))];
            if (found.Length == 1 && !ids.Contains(found[0].Id))
            {
                ids.Add(found[0].Id);
            }
            else if (classes.Count > 0)
            {
                section.Problem("classes", found.Length == 0 ? $"there is no class '{text}'; expected ids or names of classes" : $"'{text}' stands twice");
            }
        }

        if (ids.Count == 0 && classes.Count > 0)
        {
            section.Problem("classes", "expected at least one class whose objects may be asked for");
        }

        if (slots > MostSlots)
        {
            section.Problem("background_slot", $"objects are told apart with at most {MostSlots} slots, found {slots}");
        }

        section.RefuseUnknownKeys();
        return new InstancesTask(first, background, [.. ids]);
    }
}

/// <summary>Instances: the palette has colours that tell objects apart.</summary>
internal sealed class InstancesTaskForm() : TaskForm(PerceptKind.Instances)
{
    public override bool IsIn(ModelTasks tasks) => tasks.Instances is not null;

    public override AnswerMeasure? Measure => AnswerMeasure.Painting;

    public override Instruction Sample(ModelManifest manifest)
    {
        LabelColour first = manifest.Tasks.Instances is { } task ? manifest.Classes.First(c => c.Id == task.ClassIds[0]) : manifest.Classes[0];
        return Instruction.Instances(first.Name, default);
    }

    /// <summary>One class whose objects it tells apart stands for all; of the others it says that it cannot.</summary>
    public override IEnumerable<Instruction> Samples(ModelManifest manifest) => manifest.Classes.Select(c => Instruction.Instances(c.Name, default));

    public override string? WhyNot(KnownClasses classes, Instruction instruction, bool answersKind) =>
        classes.TellsApart(answersKind) is { } ids
            ? WhyNot(classes, ((InstancesInstruction)instruction).ClassName, ids)
            : $"{classes.Model} tells classes apart, not objects of one class: it has no instance task. "
                + $"Ask for labels instead, or for one class with: {classes.AskForOne}";

    public override PreparedInstruction Prepare(ModelManifest manifest, KnownClasses classes, Instruction instruction)
    {
        var instances = (InstancesInstruction)instruction;
        InstancesTask task = manifest.Tasks.Instances!;
        return new PreparedInstruction(
            task.TaskOf(classes.Require(instances.ClassName).Id),
            PaletteColours.OfInstances(manifest.Painter!.Slots, task.BackgroundSlot, instances.Background));
    }

    private static string? WhyNot(KnownClasses classes, string name, IReadOnlyCollection<int> ids) =>
        classes.TryFindPhrase(name, out LabelColour? found) && ids.Contains(found.Value.Id)
            ? null
            : $"{classes.Model} tells the objects of some classes apart, and '{name}' is none of them; it knows: {classes.NamesOf(ids)}";
}
