using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Configuration;

/// <summary>One item of <c>instructions</c>: a text for <see cref="Instruction.Parse(string, LabelPalette?)"/> and how often it is asked.</summary>
internal sealed record InstructionEntry(string Ask, int Every)
{
    /// <summary>Reads one item.</summary>
    public static InstructionEntry Read(YamlSection section)
    {
        var entry = new InstructionEntry(section.RequireString("ask"), section.OptionalInt("every", 1, 10_000) ?? 1);
        section.RefuseUnknownKeys();
        return entry;
    }

    /// <summary>Turns texts into instructions for a painter, all problems at once.</summary>
    /// <exception cref="ConfigurationException">At least one text cannot be understood.</exception>
    public static IEnumerable<ScheduledInstruction> Parse(IEnumerable<InstructionEntry> entries, LabelPalette classes, string file)
    {
        var problems = new ProblemList(file);
        var parsed = new List<ScheduledInstruction>();
        foreach (InstructionEntry entry in entries)
        {
            try
            {
                parsed.Add(new ScheduledInstruction(Instruction.Parse(entry.Ask, classes), entry.Every));
            }
            catch (InstructionFormatException e)
            {
                problems.Add($"instructions: {e.Message}");
            }
        }

        problems.ThrowIfAny();
        return parsed;
    }
}
