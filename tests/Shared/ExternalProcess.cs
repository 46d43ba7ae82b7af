using System.Collections.Concurrent;
using System.Diagnostics;

namespace VisionBanana.Edge.Tests.Shared;

/// <summary>A program that is not ours, run against what is ours; ended with the test.</summary>
internal sealed class ExternalProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    public ExternalProcess(string program, IEnumerable<string> arguments, string? standardInput = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (standardInput is not null)
        {
            _process.StandardInput.Write(standardInput);
        }

        _process.StandardInput.Close();
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    public string[] Output => [.. _output];

    public string Errors => string.Join('\n', _errors);

    /// <summary>Finds a program on the path, or where Debian puts services.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end and returns whether it ended well.</summary>
    public static async Task<bool> SucceedsAsync(string program, params string[] arguments)
    {
        using var process = new ExternalProcess(program, arguments);
        return await process.WaitAsync(TimeSpan.FromSeconds(30)) == 0;
    }

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> WaitAsync(TimeSpan limit)
    {
        using var stop = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} did not end within {limit}. Output: {string.Join('\n', Output)} Errors: {Errors}");
        }

        return _process.ExitCode;
    }

    /// <summary>Waits until a line of output fits.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> fits, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < limit)
        {
            if (Output.FirstOrDefault(fits) is { } line)
            {
                return line;
            }

            await Task.Delay(20);
        }

        throw new TimeoutException(
            $"{_process.StartInfo.FileName} did not print the line within {limit}. Output: {string.Join('\n', Output)} Errors: {Errors}");
    }

    /// <summary>Ends it the hard way, as a crash would.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
