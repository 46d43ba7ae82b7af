using System.CommandLine;
using System.Text;

namespace VisionBanana.Edge.Cli.Shell;

/// <summary>Writes the manual page in section 1, from the verbs and options as the parser knows them.</summary>
internal static class ManPage
{
    public static string Write(RootCommand root, string version)
    {
        var page = new StringBuilder();
        page.Append($".TH VBEDGE 1 \"\" \"vbedge {Escape(version)}\" \"VisionBanana.Edge\"\n.SH NAME\nvbedge \\- {Escape(root.Description)}\n");
        page.Append(".SH SYNOPSIS\n.B vbedge\n.I VERB\n[\\fIOPTION\\fR]...\n.SH VERBS\n");
        foreach (VerbTree verb in VerbTree.Of(root).Skip(1))
        {
            string arguments = string.Concat(verb.Command.Arguments.Where(a => !a.Hidden).Select(a => $" \\fI{Escape(a.Name)}\\fR"));
            page.Append($".SS \"{Escape(verb.Path)}\"\n.B {Escape(verb.Path)}{arguments}\n.PP\n{Escape(verb.Command.Description)}\n");
            foreach (Argument argument in verb.Command.Arguments.Where(a => !a.Hidden && a.Description is { Length: > 0 }))
            {
                page.Append($".TP\n.I {Escape(argument.Name)}\n{Escape(argument.Description)}\n");
            }

            foreach (Option option in verb.Options)
            {
                string names = string.Join(", ", option.Aliases.Prepend(option.Name).Distinct());
                page.Append($".TP\n\\fB{Escape(names)}\\fR{ValueOf(option)}\n{Escape(option.Description)}\n");
            }
        }

        page.Append(".SH FILES\n.TP\n.I /etc/vbedge/pipeline.yaml\nThe pipeline of the service vbedge; /usr/share/doc/vbedge/pipeline.yaml shows every key.\n");
        page.Append(".SH EXIT STATUS\n0 well, 1 failed, 2 wrong usage or configuration, 130 interrupted.\n");
        return page.ToString();
    }

    private static string ValueOf(Option option)
    {
        string words = string.Join('|', VerbTree.WordsOf(option));
        return !VerbTree.TakesValue(option) ? "" : $" \\fI{Escape(words.Length > 0 ? words : option.HelpName ?? "VALUE")}\\fR";
    }

    /// <summary>What troff would take for its own: backslashes, hyphens that are options, dots and quotes at the beginning of a line.</summary>
    private static string Escape(string? text)
    {
        string escaped = (text ?? "").ReplaceLineEndings(" ").Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped.StartsWith('.') || escaped.StartsWith('\'') ? $"\\&{escaped}" : escaped;
    }
}
