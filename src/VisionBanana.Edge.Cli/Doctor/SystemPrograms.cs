using System.ComponentModel;
using System.Diagnostics;

namespace VisionBanana.Edge.Cli.Doctor;

/// <summary>Asks programs of the system.</summary>
internal static class SystemPrograms
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>What a program prints, or null when it is not there, fails, or does not answer in ten seconds.</summary>
    public static string? Ask(string program, params IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null)
            {
                return null;
            }

            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            using var watchdog = new Timer(_ => TryKill(process), null, Limit, Timeout.InfiniteTimeSpan);
            string output = process.StandardOutput.ReadToEnd();
            return process.WaitForExit(Limit) && process.ExitCode == 0 ? output : null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Where a program lies on the path, or null.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static void TryKill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
        }
    }
}
