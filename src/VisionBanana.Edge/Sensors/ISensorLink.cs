namespace VisionBanana.Edge.Sensors;

/// <summary>
/// Brings readings of a robot's sensors while a pipeline runs. What arrives is checked, counted and never ends the run.
/// </summary>
public interface ISensorLink : IAsyncDisposable
{
    /// <summary>Name in diagnostics, e.g. <c>range</c>.</summary>
    string Name { get; }

    /// <summary>Where it listens and what it heard, in one line for people.</summary>
    string State { get; }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="TransportException">The address cannot be used; the message says what to do.</exception>
    Task StartAsync(CancellationToken cancellationToken);
}
