using System.Collections.Immutable;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>
/// One camera of the live view: a sink of its pipeline that takes the newest frame and never makes the pipeline wait, whatever the pages do.
/// </summary>
internal sealed class CameraView : IPerceptSink
{
    /// <summary>Pictures that the view holds: the one that waits, the one it shows, the last one and one of a snapshot.</summary>
    public const int PicturesHeld = 4;

    /// <summary>Without a picture for so long a running pipeline is not well.</summary>
    private static readonly TimeSpan HealthyWithin = TimeSpan.FromSeconds(10);

    private readonly LiveView _view;
    private readonly ViewOptions _options;

    // The view's alone, so that it and the messages do not wait for each other.
    private readonly OpenCvImageEncoder _images = new();
    private readonly CancellationTokenSource _ended = new();
    private volatile ViewSubject? _subject;
    private ViewCommands? _commands;
    private Tape? _tape;
    private ZoneEditor? _zones;
    private Task _telling = Task.CompletedTask;
    private long _lastShown;
    private int _disposed;

    /// <param name="view">Where it is shown.</param>
    /// <param name="options">Where snapshots and recordings go, and how many may look.</param>
    public CameraView(LiveView view, ViewOptions options)
    {
        (_view, _options) = (view, options);
        Hub = new ViewHub(_images, options.MaxClients);
    }

    public string Name => "view";

    public string State => _view.State;

    /// <summary>The pages that look at this camera.</summary>
    public ViewHub Hub { get; }

    /// <summary>What pages are told; null before <see cref="Attach"/>.</summary>
    public ViewMessages? Messages { get; private set; }

    /// <summary>What is shown and steered; null = the camera is not there yet.</summary>
    public ViewSubject? Subject => _subject;

    /// <summary>True once its pipeline has ended, while those of other cameras may run.</summary>
    public bool IsEnded => Volatile.Read(ref _disposed) != 0;

    /// <summary>Says what is shown and steered; called once, before the pipeline runs.</summary>
    public void Attach(ViewSubject subject)
    {
        var captures = new Captures(subject, Hub, _options.Folder);
        var messages = new ViewMessages(subject, captures, Hub, _view.Cameras);
        _tape = new Tape(subject);
        _zones = new ZoneEditor(subject);
        _commands = new ViewCommands(subject, captures, _tape, _zones, messages, Hub);
        Messages = messages;
        InstructionSchedule schedule = subject.Pipeline.Schedule;
        ImmutableArray<ScheduledInstruction> asked = schedule.Instructions;
        subject.Pipeline.Commands.StateChanged += (_, _) =>
        {
            // Not when it is paused: a page that comes then still gets the last labels.
            if (schedule.Instructions != asked)
            {
                asked = schedule.Instructions;
                Hub.Forget();
            }

            Hub.Post(messages.State());
        };
        Interlocked.Exchange(ref _lastShown, subject.Pipeline.Clock.GetTimestamp());
        _subject = subject;
        _view.Metrics.Add(subject, Hub);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _ = _subject ?? throw new InvalidOperationException("The view is attached before it is started.");
        await _view.StartAsync(cancellationToken).ConfigureAwait(false);
        Interlocked.Exchange(ref _lastShown, _subject.Pipeline.Clock.GetTimestamp());
        _telling = TellAsync(_subject.Pipeline.Clock, Messages!, _ended.Token);
    }

    public DropReason? Show(PerceptionFrame frame)
    {
        Interlocked.Exchange(ref _lastShown, _subject!.Pipeline.Clock.GetTimestamp());
        Hub.Show(frame);
        _tape!.Note(frame);
        _zones!.Note(frame);
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _ended.CancelAsync().ConfigureAwait(false);
        await _telling.ConfigureAwait(false);
        await _view.DisposeAsync().ConfigureAwait(false);
        Array.ForEach(Hub.Clients(), c => c.Cut());
        Hub.Dispose();
        _images.Dispose();
    }

    /// <summary>Carries out what a page asks.</summary>
    public void Handle(ViewClient client, ViewRequest request, CancellationToken cancellationToken) => _commands!.Handle(client, request, cancellationToken);

    /// <summary>Why the pipeline is not well; null = it is, it is paused, or the camera is waited for.</summary>
    public string? WhyUnwell()
    {
        if (_subject?.Pipeline is not { } pipeline)
        {
            return null;
        }

        if (IsEnded)
        {
            return pipeline.Source.IsLive ? "the camera has ended" : null;
        }

        TimeSpan since = pipeline.Clock.GetElapsedTime(Interlocked.Read(ref _lastShown));
        return since <= HealthyWithin || pipeline.Commands.State.IsPaused ? null : $"no picture for {since.TotalSeconds:0} s; camera: {pipeline.Source.State}";
    }

    /// <summary>Tells every page once per second how things are, and looks after those that do not read.</summary>
    private async Task TellAsync(TimeProvider clock, ViewMessages messages, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                byte[] status = messages.Status();
                foreach (ViewClient client in Hub.Clients())
                {
                    client.Post(status);
                    client.CutOffIfStuck();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run ended.
        }
    }
}
