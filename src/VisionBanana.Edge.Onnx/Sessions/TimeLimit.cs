using System.Globalization;
using System.Runtime.ExceptionServices;

namespace VisionBanana.Edge.Onnx.Sessions;

/// <summary>
/// Lets native code load or try out a graph for a limited time. A graph is a program: it may fold constants for hours or run a loop that never ends.
/// It is asked to stop then; what does not stop within a few seconds is left on its thread, with everything that it still uses.
/// </summary>
internal static class TimeLimit
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Runs work on a thread of its own.</summary>
    /// <param name="limit">How long.</param>
    /// <param name="what">What errors call it.</param>
    /// <param name="work">The work; what it makes is disposed when it comes too late.</param>
    /// <param name="stop">Asks it to end.</param>
    /// <exception cref="InferenceException">It took too long, and has ended.</exception>
    /// <exception cref="LoadHungException">It took too long and still runs: whatever it uses must not be freed.</exception>
    public static T Run<T>(TimeSpan limit, string what, Func<T> work, Action stop)
        where T : IDisposable
    {
        T? made = default;
        ExceptionDispatchInfo? failed = null;
        bool givenUp = false;
        var gate = new Lock();
        var done = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            try
            {
                made = work();
            }
            catch (Exception e)
            {
                failed = ExceptionDispatchInfo.Capture(e);
            }

            lock (gate)
            {
                done.Set();
                if (givenUp)
                {
                    made?.Dispose();
                }
            }
        })
        {
            IsBackground = true,
            Name = "vbedge loads a model",
        };
        thread.Start();
        if (done.Wait(limit))
        {
            failed?.Throw();
            return made!;
        }

        string message = string.Create(
                CultureInfo.InvariantCulture,
                $"{what} did not load within {limit.TotalSeconds:0.#} s: the graph is too large for this machine, or never ends. Try a smaller one, or raise "
                + $"execution.load_timeout_s.");
        stop();
        done.Wait(Grace);
        lock (gate)
        {
            givenUp = true;
            if (!done.IsSet)
            {
                throw new LoadHungException(message);
            }
        }

        made?.Dispose();
        throw new InferenceException(message);
    }
}
