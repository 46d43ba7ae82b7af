namespace VisionBanana.Edge.Pipeline;

/// <summary>Replaces the model of running pipelines.</summary>
public interface IModelSwitch
{
    /// <summary>Raised when <see cref="Progress"/> or the model changes, on any thread.</summary>
    event EventHandler? Changed;

    /// <summary>How the last command goes or went, in one line for people; null = there was none.</summary>
    string? Progress { get; }

    /// <summary>Begins with it; returns null, or why it is refused.</summary>
    string? Begin(SwitchModelCommand command);
}
