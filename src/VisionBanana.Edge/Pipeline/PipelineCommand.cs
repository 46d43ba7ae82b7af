namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// What may be asked of a running pipeline: <see cref="SetInstructionsCommand"/>, <see cref="PauseCommand"/>, <see cref="FrameCommand"/> or
/// <see cref="SwitchModelCommand"/>.
/// </summary>
public abstract record PipelineCommand
{
    private protected PipelineCommand()
    {
    }
}
