using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>Carries out commands for one pipeline: one at a time, each checked as a whole before it changes anything.</summary>
internal sealed class PipelineControls : ICommandHandler, IDisposable
{
    private readonly Lock _turn = new();
    private readonly Perceiver _perceiver;
    private readonly IPainter _painter;
    private readonly ICameraSource _source;
    private readonly IModelSwitch? _models;

    /// <param name="perceiver">What the schedule is of.</param>
    /// <param name="painter">Answers it.</param>
    /// <param name="source">The camera.</param>
    /// <param name="models">Replaces the model; null = nobody does.</param>
    public PipelineControls(Perceiver perceiver, IPainter painter, ICameraSource source, IModelSwitch? models)
    {
        (_perceiver, _painter, _source, _models) = (perceiver, painter, source, models);
        _models?.Changed += OnModelChanged;
    }

    public event EventHandler? StateChanged;

    public PictureGate Gate { get; } = new();

    public PipelineState State => new(Gate.IsClosed, [.. Schedule.Instructions.Select(e => new AskedInstruction(e.Instruction.Prompt, e.Every))])
    {
        Engine = Painter.Precision is { } precision ? $"{Painter.Provider} {precision}" : Painter.Provider,
        Parity = Painter.Parity,
        Model = $"{Painter.Name} {Painter.Version}",
        ModelSha256 = Painter.Sha256,
        Rollout = _models?.Progress,
    };

    private InstructionSchedule Schedule => _perceiver.Schedule;

    private PainterDescription Painter => _painter.Description;

    public void Dispose() => _models?.Changed -= OnModelChanged;


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
                SwitchModelCommand model => _models is null
                    ? "another model is not taken here: the pipeline file has no section rollout" : _models.Begin(model),
                _ => $"the command {command.GetType().Name} is not known",
            };
        }

        // The switch itself tells what it does.
        if (problem is null && command is not (FrameCommand or SwitchModelCommand))
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
        !Instruction.TryParse(ask, Painter.Classes, out instruction, out string? problem) ? problem
        : _perceiver.WhyNot(instruction, _source.Intrinsics) is { } reason ? $"{Painter.Name} cannot answer \"{ask}\": {reason}"
        : null;

    private void OnModelChanged(object? sender, EventArgs e) => StateChanged?.Invoke(this, EventArgs.Empty);
}
