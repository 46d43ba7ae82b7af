using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>One instruction as the user wrote it, in a pipeline file or on the command line, and how often it is asked.</summary>
/// <param name="Ask">A text for <see cref="Instruction.Parse(string, LabelPalette?)"/>.</param>
/// <param name="Every">1 = every picture, 3 = every third.</param>
/// <param name="Explain">Makes a problem at the place where the text stands.</param>
internal sealed record InstructionEntry(string Ask, int Every, Func<string, ConfigurationProblem> Explain)
{
    /// <summary>Reads one item of <c>instructions</c>.</summary>
    public static InstructionEntry Read(YamlSection section)
    {
        var entry = new InstructionEntry(
            section.RequireString("ask"), section.OptionalInt("every", 1, 10_000) ?? 1, message => section.Describe("ask", message));
        section.RefuseUnknownKeys();
        return entry;
    }

    /// <summary>What stands after <c>--instruction</c>.</summary>
    public static InstructionEntry OfCommandLine(string text) => new(text, 1, message => new ConfigurationProblem("--instruction", 0, 0, message));

    /// <summary>Turns texts into instructions that a painter can answer; all problems are told at once.</summary>
    /// <exception cref="ConfigurationException">At least one text cannot be understood or answered.</exception>
    public static IReadOnlyList<ScheduledInstruction> Parse(IEnumerable<InstructionEntry> entries, IPainter painter)
    {
        var problems = new List<ConfigurationProblem>();
        var parsed = new List<ScheduledInstruction>();
        foreach (InstructionEntry entry in entries)
        {
            try
            {
                var instruction = Instruction.Parse(entry.Ask, painter.Description.Classes);
                if (painter.WhyNot(instruction) is { } reason)
                {
                    problems.Add(entry.Explain($"{painter.Description.Name} cannot answer \"{entry.Ask}\": {reason}"));
                }

                parsed.Add(new ScheduledInstruction(instruction, entry.Every));
            }
            catch (InstructionFormatException e)
            {
                problems.Add(entry.Explain(e.Message));
            }
        }

        return problems.Count == 0 ? parsed : throw new ConfigurationException(problems);
    }
}
