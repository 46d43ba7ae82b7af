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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string[] args)
    {
        var guard = OutputGuard.Install();
        return guard.ExitCodeOf(await RunGuardedAsync(args).ConfigureAwait(false));
    }

    private static async Task<int> RunGuardedAsync(string[] args)
    {
        // Before anything else: a signal while the program starts is one like any other.
        using var interrupted = new CancellationTokenSource();
        void Interrupt(PosixSignalContext context)
        {
            // The first signal ends cleanly; a second one is the system's business.
            context.Cancel = !interrupted.IsCancellationRequested;
            interrupted.Cancel();
        }

        using PosixSignalRegistration onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using PosixSignalRegistration onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);

        // The terminal closed, and Ctrl-\: a recording ends as it should then too.
        using PosixSignalRegistration onHangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt);
        using PosixSignalRegistration onQuit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Interrupt);
        bool json = args.Contains("--json");
        ParseResult parsed = CreateRoot().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            string problems = string.Join(Environment.NewLine, parsed.Errors.Select(ProblemOf));
            return Failure.Tell($"{problems}{Environment.NewLine}try '{PathOf(parsed.CommandResult)} --help'", ExitCode.WrongUsage, json);
        }

        if (Console.IsOutputRedirected)
        {
            // A pipe has no width: tables need not be folded to that of a terminal that is not there.
            AnsiConsole.Profile.Width = 200;
        }

        var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            interrupted.Token.ThrowIfCancellationRequested();
            return await InvokeAsync(parsed, invocation, interrupted.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (interrupted.IsCancellationRequested && (e is OperationCanceledException or TransportException or CameraException))
        {
            // What was being opened when the user ended it did not fail.
            return Failure.Interrupted(json);
        }
        catch (VisionBananaException e)
        {
            return Failure.Tell(e.Message, Failure.CodeOf(e), json);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whoever reads JSON gets an object even then.
            return Failure.Tell($"this is a defect of vbedge, please report it with these lines: {e}", ExitCode.Failed, json);
        }
    }

    /// <summary>
    /// Runs a verb. It ends itself when it is told to, except while it reads files or opens what they name: nothing of that has to be tidied up, so
    /// that it is left after <see cref="Patience"/>.
    /// </summary>
    private static async Task<int> InvokeAsync(ParseResult parsed, InvocationConfiguration invocation, CancellationToken interrupted)
    {
        Task<Task<int>> started = Task.Factory.StartNew(
            () => parsed.InvokeAsync(invocation, interrupted), CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        var signalled = new TaskCompletionSource();
        using (interrupted.Register(signalled.SetResult))
        {
            await Task.WhenAny(started, signalled.Task).ConfigureAwait(false);
        }

        if (!started.IsCompleted && await Task.WhenAny(started, Task.Delay(Patience, CancellationToken.None)).ConfigureAwait(false) != started)
        {
            throw new OperationCanceledException(interrupted);
        }

        return await (await started.ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>The verbs with their options, each of which has its parser.</summary>
    public static RootCommand CreateRoot()
    {
        var root = new RootCommand("VisionBanana.Edge: camera pictures in, metric depth, labels and organised clouds out.")
        {
            SetupCommand.Create(),
            RunCommand.Create(),
            CaptureCommand.Create(),
            WorkerCommand.Create(),
            InferCommand.Create(),
            EvalCommand.Create(),
            ScaleCommand.Create(),
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
        root.Add(CompletionCommand.Create(root));
        root.Add(CompletionCommand.CreateMan(root));
        ToolVersion.Replace(root);
        OptionOf.Guard(root);
        return root;
    }

    /// <summary>What is wrong; where an argument is missing, what it is.</summary>
    private static string ProblemOf(ParseError error) =>
        error.SymbolResult is ArgumentResult { Parent: CommandResult verb, Tokens.Count: 0, Argument: var missing }
        ? $"{PathOf(verb)}: expected {missing.Name.ToUpperInvariant()}, found nothing. {missing.Description}"
        : error.Message;

    /// <summary>The words of a verb, e.g. <c>vbedge model verify</c>.</summary>
    private static string PathOf(CommandResult verb) =>
        verb.Parent is CommandResult parent ? $"{PathOf(parent)} {verb.Command.Name}" : "vbedge";
}
