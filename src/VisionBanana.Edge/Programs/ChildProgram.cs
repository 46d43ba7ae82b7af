using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Programs;

/// <summary>
/// The one way in which other programs are started: found in the absolute folders of the PATH, never in the working directory; with an environment that
/// holds what a program needs and no secrets; in the root folder; and, where <c>setpriv</c> is, ended when this process ends, whatever ends that.
/// </summary>
public static partial class ChildProgram
{
    /// <summary>The most bytes that are taken from a program that is asked something.</summary>
    internal const int LargestAnswer = 4 << 20;

    private const int KillSignal = 9, TerminateSignal = 15;

    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);
    private static readonly string[] Names = ["LANG", "LC_ALL", "TZ"], Folders = ["PATH", "LD_LIBRARY_PATH"];
    private static readonly Lazy<string[]> Grouper = new(static () => Find("setsid") is { } setsid ? [setsid] : []);
    private static readonly Lazy<string[]> Keeper = new(FindKeeper);
    private static readonly Lazy<StartingThread> Starter = new(() => new StartingThread());

    /// <summary>Where a program lies; null when it is in no absolute folder of the PATH.</summary>
    public static string? Find(string program) => Find(program, Environment.GetEnvironmentVariable("PATH"));

    /// <summary>Starts a program with all three of its pipes; who starts it reads both outputs, and disposes it.</summary>
    /// <param name="program">Its name, without folder.</param>
    /// <param name="arguments">What it is told. Every user of the machine can read them: no secrets.</param>
    /// <param name="environment">Names of variables that it needs beside the path and the language, or those with values of their own.</param>
    /// <exception cref="FileNotFoundException">It is not there, or cannot be started.</exception>
    public static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        string path = Find(program) ?? throw new FileNotFoundException($"{program} was not found in the PATH.");
        return Starter.Value.Start(Info([.. Keeper.Value, path, .. arguments], environment));
    }

    /// <summary>The same for a program that may start others, as a shell does: <see cref="EndGroup"/> ends them with it, where <c>setsid</c> is.</summary>
    /// <exception cref="FileNotFoundException">It is not there, or cannot be started.</exception>
    internal static Process StartGroup(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        string path = Find(program) ?? throw new FileNotFoundException($"{program} was not found in the PATH.");
        return Starter.Value.Start(Info([.. Grouper.Value, .. Keeper.Value, path, .. arguments], environment));
    }

    /// <summary>What a program prints; null when it is not there, fails, says more than <see cref="LargestAnswer"/> or does not end in ten seconds.</summary>
    public static string? Ask(string program, params IEnumerable<string> arguments)
    {
        try
        {
            using Process process = Start(program, arguments);
            process.StandardInput.Close();
            using var watchdog = new Timer(_ => Kill(process), null, AnswerTime, Timeout.InfiniteTimeSpan);
            Discard(process.StandardError);
            string? answer = BoundedText.Read(process.StandardOutput, LargestAnswer);
            if (answer is null)
            {
                Kill(process);
            }

            return process.WaitForExit(AnswerTime) && process.ExitCode == 0 ? answer : null;
        }
        catch (Exception e) when (e is FileNotFoundException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    /// <summary>Reads what nobody wants, so that the program does not wait for it.</summary>
    public static void Discard(StreamReader output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _ = BoundedText.LinesAsync(output, static _ => { });
    }

    /// <summary>Ends a program at once; nothing happens when it ended before.</summary>
    internal static void Kill(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        try
        {
            process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It is gone already.
        }
    }

    /// <summary>Asks a program to end (SIGTERM); where there are no signals it is ended.</summary>
    internal static void Terminate(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                process.Kill();
            }
            else if (!process.HasExited)
            {
                _ = Signal(process.Id, TerminateSignal);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It is gone already.
        }
    }

    /// <summary>Ends a program of <see cref="StartGroup"/> and those that it started, also when it has ended before them.</summary>
    /// <param name="process">The program.</param>
    /// <param name="atOnce">False asks them to (SIGTERM).</param>
    internal static void EndGroup(Process process, bool atOnce)
    {
        ArgumentNullException.ThrowIfNull(process);
        try
        {
            if (!OperatingSystem.IsWindows() && Signal(-process.Id, atOnce ? KillSignal : TerminateSignal) == 0)
            {
                return;
            }
        }
        catch (InvalidOperationException)
        {
            // It is disposed.
            return;
        }

        if (atOnce)
        {
            Kill(process);
        }
        else
        {
            Terminate(process);
        }
    }

    internal static string? Find(string program, string? path)
    {
        string[] names = OperatingSystem.IsWindows() ? [program + ".exe"] : [program];
        return Absolute(path).SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string path) => File.Exists(path) && (OperatingSystem.IsWindows()
        || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    private static IEnumerable<string> Absolute(string? folders) => (folders ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified);

    private static ProcessStartInfo Info(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?>? environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } root ? root : "/",
        };
        start.Environment.Clear();
        foreach (string name in Names)
        {
            Set(start, name, Environment.GetEnvironmentVariable(name));
        }

        foreach (string name in Folders)
        {
            Set(start, name, string.Join(Path.PathSeparator, Absolute(Environment.GetEnvironmentVariable(name))));
        }

        if (OperatingSystem.IsWindows())
        {
            Set(start, "SystemRoot", Environment.GetEnvironmentVariable("SystemRoot"));
        }

        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            Set(start, name, value ?? Environment.GetEnvironmentVariable(name));
        }

        return start;
    }

    private static void Set(ProcessStartInfo start, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            start.Environment[name] = value;
        }
    }

    /// <summary>What stands before a program so that it dies with its parent; nothing where that is not to be had, as with BusyBox.</summary>
    private static string[] FindKeeper()
    {
        if (Find("setpriv") is not { } setpriv)
        {
            return [];
        }

        try
        {
            string[] command = [setpriv, "--pdeathsig", "KILL"];
            using Process process = Starter.Value.Start(Info([.. command, setpriv, "--version"], null));
            Discard(process.StandardError);
            Discard(process.StandardOutput);
            return process.WaitForExit(AnswerTime) && process.ExitCode == 0 ? command : [];
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);
}
