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
            bool well = checks.All(c => c.Status != CheckStatus.Problem);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(Json.Pretty(new { Well = well, Checks = checks }));
            }
            else
            {
                Print(checks);
            }

            return well ? ExitCode.Well : ExitCode.Failed;
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
