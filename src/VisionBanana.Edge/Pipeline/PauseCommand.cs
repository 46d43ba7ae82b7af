namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// Pauses or resumes painting. The camera stays open, so that resuming costs nothing: while paused, pictures of a live camera are dropped
/// and counted as <see cref="Diagnostics.DropReason.Paused"/>; a file or recording is held back and loses none. Asking twice changes nothing.
/// </summary>
/// <param name="Paused">True pauses, false resumes.</param>
public sealed record PauseCommand(bool Paused) : PipelineCommand;
