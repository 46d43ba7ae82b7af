namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// What may be asked of a running pipeline: <see cref="SetInstructionsCommand"/>, <see cref="PauseCommand"/> or <see cref="FrameCommand"/>.
/// </summary>
public abstract record PipelineCommand
{
    private protected PipelineCommand()
    {
    }
}
