using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>Carries out what pages ask.</summary>
internal sealed class ViewCommands(ViewSubject subject, Captures captures, Tape tape, ZoneEditor zones, ViewMessages messages, ViewHub hub)
{
    /// <summary>Carries out one request; never waits for a picture or a disk.</summary>
    public void Handle(ViewClient client, ViewRequest request, CancellationToken cancellationToken)
    {
        switch (request.Type)
        {
            case "want":
                client.Want(request.Layers);
                client.Forget();
                hub.Refresh();
                break;
            case "shown":
                if (client.Shown(request.Sequence) is { } capturedNs)
                {
                    hub.ToScreen.Add(subject.Pipeline.Latencies.Lap("capture_to_screen", capturedNs, subject.Pipeline.Clock) - capturedNs);
                    hub.Refresh();
                }

                break;
            case "instructions":
                client.Post(SetInstructions(request));
                break;
            case "pause":
                string? problem = subject.Pipeline.Commands.Execute(new PauseCommand(request.On));
                client.Post(problem is null ? ViewAnswers.Done(request.Id) : ViewAnswers.Failed(request.Id, problem));
                break;
            case "record":
                _ = AnswerAsync(client, request.Id, captures.RecordAsync(request.On, cancellationToken));
                break;
            case "measure":
                _ = AnswerAsync(client, request.Id, tape.MeasureAsync(request.KnownM, request.X, request.Y, cancellationToken));
                break;
            case "zones":
                _ = AnswerAsync(client, request.Id, zones.SaveAsync(request.Zones));
                break;
            case "snapshot":
                _ = AnswerAsync(client, request.Id, captures.SnapshotAsync());
                break;
        }
    }

    /// <summary>Every text is read here first, so that each problem is told with its place.</summary>
    private byte[] SetInstructions(ViewRequest request)
    {
        SetInstructionsCommand command = request.Instructions!;
        var problems = new List<InstructionProblem>();
        for (int i = 0; i < command.Instructions.Length; i++)
        {
            try
            {
                var instruction = Instruction.Parse(command.Instructions[i].Ask, subject.Pipeline.Painter.Classes);
                if (subject.Pipeline.WhyNot(instruction) is { } reason)
                {
                    problems.Add(new InstructionProblem(i, null, reason));
                }
            }
            catch (InstructionFormatException e)
            {
                problems.Add(new InstructionProblem(i, e.Position, e.Message));
            }
        }

        if (problems.Count > 0)
        {
            return ViewAnswers.Failed(request.Id, problems[0].Message, problems);
        }

        return subject.Pipeline.Commands.Execute(command) is { } problem
            ? ViewAnswers.Failed(request.Id, problem)
            : ViewAnswers.Done(request.Id);
    }

    private async Task AnswerAsync(ViewClient client, int? id, Task<string> work)
    {
        try
        {
            client.Post(ViewAnswers.Done(id, await work.ConfigureAwait(false)));
        }
        catch (Exception e) when (e is VisionBananaException or OperationCanceledException)
        {
            client.Post(ViewAnswers.Failed(id, e.Message));
        }

        hub.Post(messages.State());
    }
}
