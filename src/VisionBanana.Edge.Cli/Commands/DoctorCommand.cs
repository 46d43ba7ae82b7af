using System.CommandLine;
using Spectre.Console;
using VisionBanana.Edge.Cli.Doctor;
using VisionBanana.Edge.Cli.Shell;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge doctor</c>.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo?>("pipeline.yaml")
        {
            Description = "The pipeline to look at; without one: the demo.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("doctor", "Tries everything a pipeline needs on this machine and says what to do about what is missing.") { file, json };
        command.SetAction(parsed =>
        {
            Check[] checks = [.. Examination.Run(parsed.GetValue(file)?.ToString())];
            string[] problems = [.. checks.Where(c => c.Status == CheckStatus.Problem).Select(c => $"{c.Name}: {c.Found}")];
            return Report.Print(
                parsed.GetValue(json), new { Well = problems.Length == 0, Checks = checks }, _ => Print(checks),
                problems.Length == 0 ? ExitCode.Well : ExitCode.Failed, problems.Length == 0 ? null : string.Join("; ", problems));
        });
        return command;
    }

    private static void Print(Check[] checks)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("", "what", "found", "what to do");
        foreach (Check check in checks)
        {
            string mark = check.Status switch
            {
                CheckStatus.Well => "[green]✓[/]",
                CheckStatus.Missing => "[grey]–[/]",
                _ => "[red]✗[/]",
            };
            table.AddRow(mark, Markup.Escape(check.Name), Markup.Escape(check.Found), Markup.Escape(check.Remedy ?? ""));
        }

        AnsiConsole.Write(table);
    }
}
