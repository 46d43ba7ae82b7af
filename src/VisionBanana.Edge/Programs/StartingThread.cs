using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace VisionBanana.Edge.Programs;

/// <summary>
/// The thread that starts programs. It lives as long as the process does: "dies with its parent" counts from the thread that started a program,
/// and those of a pool come and go.
/// </summary>
internal sealed class StartingThread
{
    private readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> _waiting = [];

    public StartingThread() => new Thread(Run) { IsBackground = true, Name = "vbedge programs" }.Start();

    /// <summary>Starts a program.</summary>
    /// <exception cref="FileNotFoundException">It cannot be started.</exception>
    public Process Start(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add((info, started));
        return started.Task.GetAwaiter().GetResult();
    }

    private void Run()
    {
        foreach ((ProcessStartInfo info, TaskCompletionSource<Process> started) in _waiting.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(info) ?? throw new FileNotFoundException($"{info.FileName} was not started."));
            }
            catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
            {
                started.SetException(new FileNotFoundException($"{info.FileName} cannot be started: {e.Message}", e));
            }
        }
    }
}
