namespace VisionBanana.Edge.Pipeline;

/// <summary>What carries commands out: a running pipeline. May be called from any thread.</summary>
public interface ICommandHandler
{
    /// <summary>How things stand.</summary>
    PipelineState State { get; }

    /// <summary>Raised after a command changed <see cref="State"/>, on the thread that gave it; handlers are quick and do not throw.</summary>
    event EventHandler? StateChanged;

    /// <summary>Carries a command out and returns null, or says why it cannot; then nothing changed. Never waits for a picture, never throws.</summary>
    string? Execute(PipelineCommand command);
}
