using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>
/// The cameras of a pipeline file, each with a pipeline of its own, and one painter that serves them in turn. A camera that fails or is absent costs the
/// others nothing; one that is required ends the run with its end.
/// </summary>
internal sealed partial class RobotRun : IAsyncDisposable
{
    private readonly RobotFile _file;
    private readonly PipelineRequest _request;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopOpening = new();
    private readonly SyncGroup? _sync;
    private PainterChoice _choice = null!;
    private IPainter? _painter;
    private SharedPainter? _shared;
    private EngineBuildStatus? _status;
    private ModelRollout? _rollout;
    private int _disposals;

    private RobotRun(RobotFile file, PipelineRequest request)
    {
        (_file, _request, _logger) = (file, request, request.Loggers.CreateLogger("vbedge"));
        Cameras = [.. file.Cameras.Select(c => new CameraRun(c))];
        _sync = file.Sync is { } sync ? new SyncGroup(sync.Tolerance) : null;
    }

    /// <summary>The cameras, in the order of the file.</summary>
    public IReadOnlyList<CameraRun> Cameras { get; }

    /// <summary>What records the run, or null.</summary>
    public RecordingTransport? Recorder { get; private set; }

    /// <summary>What each camera got of the painter; empty with one camera.</summary>
    public IReadOnlyList<PainterShare> Shares => _shared?.Shares ?? [];

    /// <summary>
    /// Opens cameras, model and transports; everything that can be checked is checked. Cameras that are absent and not required are waited for while the
    /// others run; one at least is open when it returns.
    /// </summary>
    /// <param name="file">The pipeline.</param>
    /// <param name="request">What the program adds.</param>
    /// <param name="cancellationToken">Ends waiting, and the building of an engine.</param>
    /// <exception cref="VisionBananaException">Something the file names cannot be used; the message names the camera among several.</exception>
    public static async Task<RobotRun> OpenAsync(RobotFile file, PipelineRequest request, CancellationToken cancellationToken)
    {
        var run = new RobotRun(file, request);
        try
        {
            await run.OpenAsync(cancellationToken).ConfigureAwait(false);
            return run;
        }
        catch
        {
            await run.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs every camera until its source ends, it fails, or the run is stopped. Returns when nothing runs any more.</summary>
    /// <exception cref="VisionBananaException">A camera failed: the first of them, told when all have ended.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await Task.WhenAll(Cameras.Select(c => Task.Run(() => RunAsync(c, stop), CancellationToken.None))).ConfigureAwait(false);
        }
        finally
        {
            // What they share with cameras that ran, the recording among it, is closed by the last of them: before anybody asks how it went.
            foreach (CameraRun camera in Cameras.Where(c => c.Opened is null))
            {
                await CloseSinksAsync(camera).ConfigureAwait(false);
            }
        }

        if (Cameras.Select(c => c.Failure).FirstOrDefault(f => f is not null) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Stops what runs and closes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposals, 1) != 0)
        {
            return;
        }

        await _stopOpening.CancelAsync().ConfigureAwait(false);
        await (_status?.EndAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        if (_rollout is not null)
        {
            await _rollout.DisposeAsync().ConfigureAwait(false);
        }

        foreach (CameraRun camera in Cameras)
        {
            if (camera.Opened is { } opened)
            {
                await opened.Pipeline.DisposeAsync().ConfigureAwait(false);
                continue;
            }

            await CloseSinksAsync(camera).ConfigureAwait(false);
            await CloseAsync(camera.Source).ConfigureAwait(false);
        }

        if (_shared is not null || Cameras.All(c => c.Opened is null))
        {
            _painter?.Dispose();
        }

        _stopOpening.Dispose();
    }

    /// <summary>Of a camera without a pipeline, which would do it; once.</summary>
    private static async Task CloseSinksAsync(CameraRun camera)
    {
        IAsyncDisposable[] sinks = [.. camera.Transports, .. camera.PerceptSinks];
        (camera.Transports, camera.PerceptSinks) = ([], []);
        foreach (IAsyncDisposable sink in sinks)
        {
            await sink.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task CloseAsync(Task<ICameraSource> opening)
    {
        await Task.WhenAny(opening).ConfigureAwait(false);
        if (opening.IsCompletedSuccessfully)
        {
            (await opening.ConfigureAwait(false)).Dispose();
        }
        else
        {
            _ = opening.Exception;
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        _choice = PainterChoice.Of(_file.Painter.Model);
        foreach (string warning in _file.Cameras.SelectMany(c => ExposedSecrets.Of(c, _choice.Path)).Distinct())
        {
            LogExposed(_logger, warning);
        }

        using CancellationTokenRegistration stop = cancellationToken.Register(() => _stopOpening.Cancel());
        await OpenCamerasAsync().ConfigureAwait(false);
        foreach (CameraRun camera in Cameras)
        {
            camera.PerceptSinks = [.. _request.PerceptSinks(camera.File), .. camera.File.Sections.OfType<IPerceptSinkEntry>().Select(s => s.Create())];
        }

        bool mayBeNone = _request.Recording is not null || Cameras.All(c => c.PerceptSinks.Count > 0);
        IReadOnlyList<IReadOnlyList<IMessageTransport>> transports = PipelineBuilder.TransportsOf(_file, _request.Loggers, mayBeNone);
        _status = new EngineBuildStatus(_file.Device, transports.SelectMany(t => t), _request.Progress);
        using (IEnumerator<IMessageTransport> early = _status.Transports.GetEnumerator())
        {
            foreach ((CameraRun camera, IReadOnlyList<IMessageTransport> own) in Cameras.Zip(transports))
            {
                camera.Transports = [.. own.Select(_ => early.MoveNext() ? early.Current : throw new InvalidOperationException("A transport is missing."))];
            }
        }

        // A builder in a native library cannot be interrupted: a program that is stopped does not wait for it.
        _painter = await Task.Run(() => _choice.Load(_file.Painter.Execution, _status, cancellationToken), cancellationToken).WaitAsync(cancellationToken)
            .ConfigureAwait(false);
        if (_file.Rollout is { } rollout)
        {
            var switchable = new SwitchablePainter(_painter);
            _painter = switchable;
            _rollout = new ModelRollout(rollout, _file.Painter.Execution, switchable, Asked, WhyNotTake, _logger);
        }

        _shared = _file.HasSeveral ? new SharedPainter(_painter, _request.Clock) : null;
        CheckInstructions(_painter);
        AddRecorder(_painter.Description);
        foreach (CameraRun camera in Cameras.Where(c => c.Source.IsCompletedSuccessfully))
        {
            Build(camera, await camera.Source.ConfigureAwait(false));
        }
    }

    private async Task OpenCamerasAsync()
    {
        foreach (CameraRun camera in Cameras)
        {
            camera.Open(_request.Clock, _logger, _stopOpening.Token);
        }

        await Task.WhenAll(Cameras.Select(c => c.Looked)).ConfigureAwait(false);
        foreach (CameraRun camera in Cameras)
        {
            if (camera.Source.IsCompleted)
            {
                Examine(camera, await NamedAsync(camera, camera.Source).ConfigureAwait(false));
            }
        }

        List<Task<ICameraSource>> absent = [.. Cameras.Select(c => c.Source)];
        while (!absent.Any(s => s.IsCompletedSuccessfully))
        {
            Task<ICameraSource> first = await Task.WhenAny(absent).ConfigureAwait(false);
            CameraRun camera = Cameras.First(c => c.Source == first);
            Examine(camera, await NamedAsync(camera, first).ConfigureAwait(false));
        }
    }

    private void Examine(CameraRun camera, ICameraSource source)
    {
        if (!camera.IsExamined)
        {
            camera.IsExamined = true;
            Named(camera, () => _request.Examine(camera.File, source));
        }
    }

    /// <summary>What all cameras ask now; of one that is absent, what it will ask when it comes.</summary>
    private Instruction[] Asked() =>
        [.. Cameras.SelectMany(c => c.Opened?.Pipeline.Schedule.Instructions ?? InstructionEntry.Parse(c.File.Instructions, _painter!))
            .Select(i => i.Instruction)];

    /// <summary>A factor of the depth holds for the model with which it was found, and stays in force while a camera runs.</summary>
    private string? WhyNotTake(string model)
    {
        CameraRun? scaled = Cameras.FirstOrDefault(c => c.FactorModel is { } found && found != model);
        return scaled is null ? null
            : $"the depth of camera {scaled.Name} is scaled with a factor found with {scaled.FactorModel}: start the program with the new model, or say "
                + "scale: {camera_file: false}";
    }

    /// <summary>Also those of cameras that are absent; everything at once.</summary>
    private void CheckInstructions(IPainter painter)
    {
        var problems = new List<ConfigurationProblem>();
        foreach (CameraRun camera in Cameras)
        {
            try
            {
                _ = InstructionEntry.Parse(camera.File.Instructions, painter);
            }
            catch (ConfigurationException e) when (e.Problems.Count > 0)
            {
                problems.AddRange(e.Problems);
            }
        }

        if (problems.Count > 0)
        {
            throw new ConfigurationException([.. problems.Distinct()]);
        }
    }

    private void AddRecorder(PainterDescription painter)
    {
        if (_request.Recording is not { } recording)
        {
            return;
        }

        var factory = new RecordingFactory(Cameras[0].File, _choice.Path, painter, _logger);
        Recorder = factory.Create(recording, _file.Cameras);
        IReadOnlyList<IMessageTransport> each = Cameras.Count == 1 ? [Recorder] : SharedTransport.Split(Recorder, [.. Cameras.Select(c => c.Name)]);
        foreach ((CameraRun camera, IMessageTransport own) in Cameras.Zip(each))
        {
            camera.Transports = [.. camera.Transports, own];
        }
    }

    private void Build(CameraRun camera, ICameraSource opened)
    {
        Examine(camera, opened);
        IPainter painter = _shared?.For(camera.Name) ?? _painter!;
        ICameraSource source = opened;
        if (_sync is not null && _file.Sync!.Cameras.Contains(camera.Name))
        {
            source = _sync.Join(source);
        }

        if (Recorder is not null)
        {
            source = Recorder.Tap(camera.Name, source);
        }

        Named(camera, () =>
        {
            var sensors = RobotSensors.Of(camera.File, painter.Description, _request.Loggers, _request.Clock);
            camera.FactorModel = sensors.FactorModel;
            var parts = new CameraParts(source, painter, camera.Transports, camera.PerceptSinks, [painter, opened]) { Sensors = sensors, Models = _rollout };
            camera.Opened = new OpenedPipeline(
                PipelineBuilder.Build(camera.File, parts, _request, _logger), new RecordingFactory(camera.File, _choice.Path, painter.Description, _logger),
                Recorder, (opened as TurnedSource)?.Inner as RecordingSource ?? opened as RecordingSource);
        });
        _request.Ready(camera);
    }

    private async Task RunAsync(CameraRun camera, CancellationTokenSource stop)
    {
        bool isLate = camera.Opened is null;
        try
        {
            if (camera.Opened is null)
            {
                ICameraSource source = await NamedAsync(camera, camera.Source.WaitAsync(stop.Token)).ConfigureAwait(false);
                Build(camera, source);
            }

            await camera.Opened!.Pipeline.RunAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was waited for until the end.
        }
        catch (VisionBananaException e)
        {
            camera.Failure = camera.Opened is null ? e : Named(camera, e);
            if (_file.HasSeveral)
            {
                LogFailed(_logger, camera.Failure.Message);
            }

            if (e is InferenceException || (e is TransportException && !isLate))
            {
                // What all cameras share is gone. Of a camera that came late it is what only that one has: the others have theirs already.
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            if (camera.File.Camera.Source.Require)
            {
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    private void Named(CameraRun camera, Action action)
    {
        try
        {
            action();
        }
        catch (VisionBananaException e) when (_file.HasSeveral)
        {
            throw Named(camera, e);
        }
    }

    private async Task<ICameraSource> NamedAsync(CameraRun camera, Task<ICameraSource> opening)
    {
        try
        {
            return await opening.ConfigureAwait(false);
        }
        catch (VisionBananaException e) when (_file.HasSeveral)
        {
            throw Named(camera, e);
        }
    }

    /// <summary>The same error with the camera's name, where there are several.</summary>
    private VisionBananaException Named(CameraRun camera, VisionBananaException error)
    {
        string message = $"camera {camera.Name}: {error.Message}";
        return !_file.HasSeveral ? error : error switch
        {
            ConfigurationException => new ConfigurationException(message, error),
            TransportException => new TransportException(message, error),
            InferenceException => new InferenceException(message, error),
            _ => new CameraException(message, error),
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private static partial void LogExposed(ILogger logger, string warning);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Failure} The other cameras go on, unless this one is required.")]
    private static partial void LogFailed(ILogger logger, string failure);
}
