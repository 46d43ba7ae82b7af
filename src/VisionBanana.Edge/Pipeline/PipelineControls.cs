using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>Carries out commands for one pipeline: one at a time, each checked as a whole before it changes anything.</summary>
internal sealed class PipelineControls(Perceiver perceiver, PainterDescription painter, ICameraSource source) : ICommandHandler
{
    private readonly Lock _turn = new();

    public event EventHandler? StateChanged;

    public PictureGate Gate { get; } = new();

    public PipelineState State => new(Gate.IsClosed, [.. Schedule.Instructions.Select(e => new AskedInstruction(e.Instruction.Prompt, e.Every))])
    {
        Engine = painter.Precision is { } precision ? $"{painter.Provider} {precision}" : painter.Provider,
        Parity = painter.Parity,
    };

    private InstructionSchedule Schedule => perceiver.Schedule;

    public string? Execute(PipelineCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        string? problem;
        lock (_turn)
        {
            problem = command switch
            {
                SetInstructionsCommand set => Set(set),
                PauseCommand pause => Pause(pause.Paused),
                FrameCommand frame => Request(frame.Ask),
                _ => $"the command {command.GetType().Name} is not known",
            };
        }

        if (problem is null && command is not FrameCommand)
        {
            StateChanged?.Invoke(this, EventArgs.Empty);
        }

        return problem;
    }

    private string? Set(SetInstructionsCommand command)
    {
        var instructions = new List<ScheduledInstruction>();
        var problems = new List<string>();
        foreach (AskedInstruction asked in command.Instructions)
        {
            if (WhyNot(asked.Ask, out Instruction? instruction) is { } problem)
            {
                problems.Add(problem);
            }
            else
            {
                instructions.Add(new ScheduledInstruction(instruction!, asked.Every));
            }
        }

        if (problems.Count > 0)
        {
            return string.Join(Environment.NewLine, problems);
        }

        try
        {
            Schedule.Set(instructions);
            return null;
        }
        catch (ConfigurationException error)
        {
            return error.Message;
        }
    }

    private string? Pause(bool paused)
    {
        Gate.IsClosed = paused;
        return null;
    }

    private string? Request(string? ask)
    {
        if (ask is null)
        {
            Schedule.Request(Schedule.Instructions.Select(e => e.Instruction));
        }
        else if (WhyNot(ask, out Instruction? instruction) is { } problem)
        {
            return problem;
        }
        else
        {
            Schedule.Request(instruction!);
        }

        Gate.LetOneThrough();
        return null;
    }

    private string? WhyNot(string ask, out Instruction? instruction) =>
        !Instruction.TryParse(ask, painter.Classes, out instruction, out string? problem) ? problem
        : perceiver.WhyNot(instruction, source.Intrinsics) is { } reason ? $"{painter.Name} cannot answer \"{ask}\": {reason}"
        : null;
}
