using System.CommandLine;
using System.CommandLine.Completions;

namespace VisionBanana.Edge.Cli.Shell;

/// <summary>A verb as its user sees it: what the man page and the completion of shells are written from.</summary>
/// <param name="Path">Its words, e.g. <c>vbedge engine build</c>.</param>
/// <param name="Command">Its options, arguments and further verbs.</param>
internal sealed record VerbTree(string Path, Command Command)
{
    /// <summary>Its options that are shown, those of the tool as a whole at the tool alone.</summary>
    public IEnumerable<Option> Options => Command.Options.Where(o => !o.Hidden).OrderBy(o => o.Name, StringComparer.Ordinal);

    /// <summary>A verb and everything below it, the verb first.</summary>
    public static IEnumerable<VerbTree> Of(Command command, string path = "vbedge") =>
        command.Subcommands.Where(c => !c.Hidden).SelectMany(c => Of(c, $"{path} {c.Name}")).Prepend(new VerbTree(path, command));

    /// <summary>The words an option may take; none when it may be anything.</summary>
    public static IEnumerable<string> WordsOf(Option option) =>
        option.GetCompletions(CompletionContext.Empty).Select(c => c.Label).Order(StringComparer.Ordinal);

    /// <summary>Whether an option is followed by a value.</summary>
    public static bool TakesValue(Option option) => option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);
}
