using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>Carries out commands for a robot whose pictures others paint: pauses, and changes what is asked of the workers.</summary>
/// <param name="entries">What is asked at first.</param>
/// <param name="change">Tells workers what is asked from now on, or says why it cannot.</param>
internal sealed class CaptureControls(IReadOnlyList<InstructionEntry> entries, Func<IReadOnlyList<AskedInstruction>, string?> change) : ICommandHandler
{
    private readonly Lock _turn = new();
    private AskedInstruction[] _asked = [.. entries.Select(e => new AskedInstruction(e.Ask, e.Every))];

    public event EventHandler? StateChanged;

    /// <summary>Keeps pictures back while it is closed.</summary>
    public PictureGate Gate { get; } = new();

    public PipelineState State
    {
        get
        {
            lock (_turn)
            {
                return new PipelineState(Gate.IsClosed, [.. _asked]);
            }
        }
    }

    public string? Execute(PipelineCommand command)
    {
        string? problem;
        lock (_turn)
        {
            problem = command switch
            {
                SetInstructionsCommand set => Set([.. set.Instructions]),
                PauseCommand pause => Pause(pause.Paused),
                FrameCommand { Ask: null } => Request(),
                _ => "a robot whose pictures workers paint takes pause, resume, frame without an instruction, and new instructions",
            };
        }

        if (problem is null && command is not FrameCommand)
        {
            StateChanged?.Invoke(this, EventArgs.Empty);
        }

        return problem;
    }

    private string? Set(AskedInstruction[] asked)
    {
        foreach (AskedInstruction one in asked)
        {
            // The classes of the model are known where it paints.
            if (one.Ask != "labels" && !Instruction.TryParse(one.Ask, null, out _, out string? wrong))
            {
                return wrong;
            }
        }

        string? problem = change(asked);
        _asked = problem is null ? asked : _asked;
        return problem;
    }

    private string? Pause(bool paused)
    {
        Gate.IsClosed = paused;
        return null;
    }

    private string? Request()
    {
        Gate.LetOneThrough();
        return null;
    }
}
