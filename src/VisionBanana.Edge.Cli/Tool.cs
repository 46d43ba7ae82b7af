using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Spectre.Console;
using VisionBanana.Edge.Cli.Commands;
using VisionBanana.Edge.Cli.Shell;

namespace VisionBanana.Edge.Cli;

/// <summary>The <c>vbedge</c> tool: parses the command line, runs a verb and turns its errors into one clear message and an exit code.</summary>
internal static class Tool
{
    public static async Task<int> RunAsync(string[] args)
    {
        RootCommand root = CreateRoot();
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"vbedge: {error.Message}").ConfigureAwait(false);
            }

            string verb = parsed.CommandResult.Command is RootCommand ? "" : $" {parsed.CommandResult.Command.Name}";
            await Console.Error.WriteLineAsync($"vbedge: try 'vbedge{verb} --help'").ConfigureAwait(false);
            return ExitCode.WrongUsage;
        }

        if (Console.IsOutputRedirected)
        {
            // A pipe has no width: tables need not be folded to that of a terminal that is not there.
            AnsiConsole.Profile.Width = 200;
        }

        using var interrupted = new CancellationTokenSource();
        void Interrupt(PosixSignalContext context)
        {
            // The first signal ends cleanly; a second one is the system's business.
            context.Cancel = !interrupted.IsCancellationRequested;
            interrupted.Cancel();
        }

        using PosixSignalRegistration onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using PosixSignalRegistration onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return await parsed.InvokeAsync(invocation, interrupted.Token).ConfigureAwait(false);
        }
        catch (ConfigurationException e)
        {
            return await FailAsync(e.Message, ExitCode.WrongUsage).ConfigureAwait(false);
        }
        catch (VisionBananaException e)
        {
            return await FailAsync(e.Message, ExitCode.Failed).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    /// <summary>The verbs with their options, each of which has its parser.</summary>
    public static RootCommand CreateRoot()
    {
        var root = new RootCommand("VisionBanana.Edge: camera pictures in, metric depth, labels and organised clouds out.")
        {
            RunCommand.Create(),
            InferCommand.Create(),
            EvalCommand.Create(),
            RecordCommand.Create(),
            ReplayCommand.Create(),
            ListenCommand.Create(),
            ForgetCommand.Create(),
            ModelCommand.Create(),
            EngineCommand.Create(),
            CalibrationCommand.Create(),
            CalibrateCommand.Create(),
            KeysCommand.Create(),
            BenchCommand.Create(),
            DoctorCommand.Create(),
        };
        OptionOf.Guard(root);
        return root;
    }

    private static async Task<int> FailAsync(string message, int exitCode)
    {
        foreach (string line in message.Split(Environment.NewLine))
        {
            await Console.Error.WriteLineAsync($"vbedge: {line}").ConfigureAwait(false);
        }

        return exitCode;
    }
}
