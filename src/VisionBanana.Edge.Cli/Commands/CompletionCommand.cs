using System.CommandLine;
using VisionBanana.Edge.Cli.Shell;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge completion</c> and <c>vbedge man</c>: what a package installs beside the program.</summary>
internal static class CompletionCommand
{
    public static Command Create(RootCommand root)
    {
        var command = new Command("completion", "Writes the completion for bash: vbedge completion > ~/.local/share/bash-completion/completions/vbedge.");
        command.SetAction(_ => Console.Write(BashCompletion.Write(root)));
        return command;
    }

    public static Command CreateMan(RootCommand root)
    {
        var command = new Command("man", "Writes the manual page: vbedge man | man -l -.");
        command.SetAction(_ => Console.Write(ManPage.Write(root, ToolVersion.Number)));
        return command;
    }
}
