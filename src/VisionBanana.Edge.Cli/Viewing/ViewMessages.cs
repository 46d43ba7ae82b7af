using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>What a page is told beside pictures: who we are once, what is asked when it changes, how things are every second.</summary>
internal sealed class ViewMessages(ViewSubject subject, Captures captures, ViewHub hub, IReadOnlyList<string> cameras)
{
    private long _lastFrames = -1;
    private TimeSpan _lastElapsed;

    /// <summary>The first message.</summary>
    public byte[] Hello()
    {
        PainterDescription painter = subject.Pipeline.Painter;
        return ViewAnswers.Message(new
        {
            Type = "hello",
            ViewPage.Build,
            subject.Device,
            subject.Camera,
            Cameras = cameras,
            Source = subject.Pipeline.Source.Description,
            Model = $"{painter.Name} {painter.Version}",
            painter.Provider,
            Classes = Classes(painter.Classes),
            painter.Kinds,
            Tasks = InstructionForms.All.Select(form => new { form.Kind, form.Title, form.Example }),
            Layers = LayerKinds.All.Select(layer => new { layer.Name, layer.Form, layer.Kind }),
            subject.Cloud.MinConfidence,
            subject.Cloud.MinDepthM,
            MaxDepthM = float.IsFinite(subject.Cloud.MaxDepthM) ? subject.Cloud.MaxDepthM : (double?)null,
            Mount = subject.Mount is { } mount ? MountAxes.Of(mount) : null,
            ZonesFile = subject.ZonesFile is { } file ? Path.GetFileName(file.Path) : null,
            Zones = subject.Zones.Select(zone => new { zone.Name, Outline = ZoneOutline.Of(zone.Shape), Floor = subject.Mount?.FloorZ ?? 0 }),
        });
    }

    /// <summary>What is asked now.</summary>
    public byte[] State()
    {
        PipelineState state = subject.Pipeline.Commands.State;
        return ViewAnswers.Message(new
        {
            Type = "state",
            Paused = state.IsPaused,
            Recording = captures.IsRecording,
            RecordedAnyway = subject.IsRecordedAnyway,
            Instructions = subject.Pipeline.Schedule.Instructions.Select(i => new
            {
                Ask = i.Instruction.Prompt,
                i.Every,
                i.Instruction.Kind,
                Classes = Classes(i.Instruction.NamedIds),
                Background = i.Instruction.BackgroundName,
                Others = i.Instruction.OtherIds,
            }),
        });
    }

    /// <summary>How things are.</summary>
    public byte[] Status()
    {
        PipelineReport report = subject.Pipeline.Report();
        double rate = _lastFrames < 0 ? double.NaN : (report.Perceived - _lastFrames) / (report.Elapsed - _lastElapsed).TotalSeconds;
        (_lastFrames, _lastElapsed) = (report.Perceived, report.Elapsed);
        return ViewAnswers.Message(new
        {
            Type = "status",
            Frames = report.Perceived,
            RateHz = rate,
            ElapsedS = report.Elapsed.TotalSeconds,
            CameraState = subject.Pipeline.Source.State,
            RecordingState = captures.RecordingState,
            Viewers = hub.Count,
            ToScreenMsP50 = hub.ToScreen.PercentileMs(0.5),
            ToScreenMsP95 = hub.ToScreen.PercentileMs(0.95),
            Latencies = report.Latencies.Select(l => new { Stage = l.Key, P50 = l.Value.PercentileMs(0.5), P95 = l.Value.PercentileMs(0.95) }),
            Sinks = report.Sinks.Select((s, i) => new
            {
                s.Name,
                State = report.States[i],
                s.Captured,
                s.Published,
                s.InFlight,
                Dropped = s.Dropped.Select(d => new { Reason = d.Key, Count = d.Value }),
            }),
        });
    }

    private static IEnumerable<object> Classes(IReadOnlyList<LabelColour> palette) =>
        palette.Select(c => new { c.Id, c.Name, Colour = c.Colour.ToString() });
}
