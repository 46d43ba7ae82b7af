using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>One camera of a <see cref="RobotRun"/>: open, or waited for.</summary>
/// <param name="file">The camera and what is asked of it.</param>
internal sealed class CameraRun(PipelineFile file)
{
    private readonly TaskCompletionSource _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile OpenedPipeline? _opened;
    private volatile VisionBananaException? _failure;
    private volatile string? _factorModel;

    /// <summary>The camera and what is asked of it.</summary>
    public PipelineFile File => file;

    /// <summary>Its name in topics.</summary>
    public string Name => file.Camera.Name;

    /// <summary>Its pipeline; null while the camera is absent.</summary>
    public OpenedPipeline? Opened
    {
        get => _opened;
        set => _opened = value;
    }

    /// <summary>Why it ended before the others, or null.</summary>
    public VisionBananaException? Failure
    {
        get => _failure;
        set => _failure = value;
    }

    /// <summary>How it is, in one line for people.</summary>
    public string State => Failure?.Message ?? Opened?.Pipeline.Source.State ?? "waited for";

    /// <summary>The camera once it is open.</summary>
    public Task<ICameraSource> Source { get; private set; } = Task.FromException<ICameraSource>(new InvalidOperationException("It was not opened."));

    /// <summary>Ends when the camera is open, cannot be used, or turned out to be absent.</summary>
    public Task Looked => _looked.Task;

    /// <summary>The model with which the factor was found that its depth is scaled with; null = no such factor is in force.</summary>
    public string? FactorModel
    {
        get => _factorModel;
        set => _factorModel = value;
    }

    /// <summary>True once the program looked at the camera.</summary>
    public bool IsExamined { get; set; }

    /// <summary>Where its messages go.</summary>
    public IReadOnlyList<IMessageTransport> Transports { get; set; } = [];

    /// <summary>What takes its percepts.</summary>
    public IReadOnlyList<IPerceptSink> PerceptSinks { get; set; } = [];

    /// <summary>Begins to open it.</summary>
    public void Open(TimeProvider clock, ILogger logger, CancellationToken cancellationToken)
    {
        Source = CameraOpener.OpenAsync(file.Camera, clock, logger, () => _looked.TrySetResult(), cancellationToken);
        Source.ContinueWith(
            static (_, looked) => ((TaskCompletionSource)looked!).TrySetResult(), _looked, CancellationToken.None, TaskContinuationOptions.None,
            TaskScheduler.Default);
    }
}
