using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// Takes percepts as they are, without messages between: a view, a controller in the same process. It has its account in the books
/// like every transport.
/// </summary>
public interface IPerceptSink : IAsyncDisposable
{
    /// <summary>Name in reports, e.g. <c>view</c>.</summary>
    string Name { get; }

    /// <summary>How it is, in one line for people.</summary>
    string State { get; }

    /// <summary>Checks and opens what can be checked before the first frame.</summary>
    /// <exception cref="TransportException">It cannot be opened; the message says what to do.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes one frame and returns null, or the reason why it could not be used. Called on a thread of the sink's own; while it is busy
    /// only the newest frame waits, and the one it replaces is counted as <see cref="DropReason.Superseded"/>.
    /// </summary>
    /// <param name="frame">Borrowed: who keeps it past the call retains it (see <see cref="Lease"/>), at most two at a time.</param>
    DropReason? Show(PerceptionFrame frame);
}
