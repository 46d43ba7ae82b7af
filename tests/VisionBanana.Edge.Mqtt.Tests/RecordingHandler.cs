using System.Collections.Concurrent;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Mqtt.Tests;

/// <summary>A pipeline as the transport sees it.</summary>
internal sealed class RecordingHandler : ICommandHandler
{
    public event EventHandler? StateChanged;

    public string? Refuse { get; init; }

    /// <summary>What is asked so is no refusal but a fault, as of a file that cannot be read.</summary>
    public string? Break { get; init; }

    public ConcurrentQueue<PipelineCommand> Commands { get; } = new();

    public PipelineState State { get; private set; } = new(false, [new AskedInstruction("depth")]);

    public string? Execute(PipelineCommand command)
    {
        if (command is SetInstructionsCommand set)
        {
            if (set.Instructions.Any(i => i.Ask == Refuse))
            {
                return $"refused: {Refuse}";
            }

            if (set.Instructions.Any(i => i.Ask == Break))
            {
                throw new IOException($"broken: {Break}");
            }

            State = State with { Instructions = set.Instructions };
        }
        else if (command is PauseCommand pause)
        {
            State = State with { IsPaused = pause.Paused };
        }

        Commands.Enqueue(command);
        StateChanged?.Invoke(this, EventArgs.Empty);
        return null;
    }
}
