using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace VisionBanana.Edge.Cli.Tests;

/// <summary>Runs the tool as its users do: a process of its own, with its exit code and both outputs.</summary>
internal sealed class Vbedge : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly Task<string> _output, _error;
    private readonly List<string> _errorLines = [];
    private TaskCompletionSource _newErrorLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Vbedge(string? folder, string[] args)
    {
        // A shell makes what it starts with '&' ignore SIGINT, and a process that ignores it at its start keeps doing so: 'env' undoes that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "vbedge.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? AppContext.BaseDirectory,
        };
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = ReadErrorAsync();
    }

    public static Vbedge Start(params string[] args) => new(null, args);

    public static Task<Result> RunAsync(params string[] args) => RunInAsync(AppContext.BaseDirectory, args);

    public static async Task<Result> RunInAsync(string folder, params string[] args)
    {
        await using var vbedge = new Vbedge(folder, args);
        return await vbedge.ExitAsync();
    }

    public async Task<Result> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return new Result(_process.ExitCode, await _output, await _error);
    }

    /// <summary>Waits until the tool listens on a port: its pipeline runs.</summary>
    public async Task ListeningAsync(int port)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            Assert.False(_process.HasExited, $"it ended before it listened on port {port}");
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, limit.Token);
            }
        }
    }

    /// <summary>Waits until a line on standard error holds a text.</summary>
    public async Task WaitForErrorAsync(string text)
    {
        while (true)
        {
            Task next;
            lock (_errorLines)
            {
                if (_errorLines.Any(l => l.Contains(text, StringComparison.Ordinal)))
                {
                    return;
                }

                next = _newErrorLine.Task;
            }

            await next.WaitAsync(Limit);
        }
    }

    /// <summary>What Ctrl-C does.</summary>
    public void Interrupt() => Signal("INT");

    /// <summary>What <c>kill</c> and systemd do.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>What <c>kill -9</c> does.</summary>
    public void Kill() => Signal("KILL");

    /// <summary>Sends a signal by its name without SIG.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().WaitAsync(Limit);
        }

        _process.Dispose();
    }

    private async Task<string> ReadErrorAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_errorLines)
            {
                _errorLines.Add(line);
                _newErrorLine.TrySetResult();
                _newErrorLine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        lock (_errorLines)
        {
            return string.Join('\n', _errorLines);
        }
    }

    internal sealed record Result(int ExitCode, string Output, string Error)
    {
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;

        public override string ToString() => $"exit {ExitCode}\n{Output}\n{Error}";
    }
}
