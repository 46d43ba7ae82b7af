using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// Records what a pipeline publishes: one more sink. Topics are <see cref="RecordingTopics.Of"/>; log time is when a message was
/// recorded, publish time when its picture was taken. Several cameras share one file (<see cref="SharedTransport"/>).
/// </summary>
public sealed partial class RecordingTransport : IMessageTransport, ISharedTransport
{
    private readonly RecordingOptions _options;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, CameraTopics> _cameras = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private McapWriter? _writer;
    private volatile string? _failure, _problem;

    /// <summary>Creates the sink; nothing is opened yet.</summary>
    /// <exception cref="ConfigurationException">An option is out of its range.</exception>
    public RecordingTransport(RecordingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.SourceQueueCapacity < 1)
        {
            throw new ConfigurationException($"At least one picture must fit the queue of the recording, found {options.SourceQueueCapacity}.");
        }

        _options = options;
        _clock = options.Writer.Clock;
    }

    /// <inheritdoc/>
    public string Name => "mcap";

    /// <inheritdoc/>
    public string State => _failure ?? (_writer is { } writer
        ? string.Create(CultureInfo.InvariantCulture, $"recording {_options.Path}: {writer.MessageCount} messages, {writer.BytesWritten / 1e6:0.0} MB{Lost()}")
        : $"not recording to {_options.Path} yet");

    /// <summary>The file.</summary>
    public string Path => _options.Path;

    /// <summary>What went wrong first, for good or for a while: the recording is not whole. Null = nothing.</summary>
    public string? Problem => _problem;

    /// <summary>Ends with the reason once the recording ended by itself, closed and readable, because the disk is almost full.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Messages in the recording.</summary>
    public long MessageCount { get; private set; }

    /// <summary>Camera pictures recorded so far.</summary>
    public long SourceRecorded => _cameras.Values.Sum(c => c.Tap.Recorded);

    /// <summary>Camera pictures that were not recorded because the disk was behind or refused.</summary>
    public long SourceDropped => _cameras.Values.Sum(c => c.Tap.Dropped);

    /// <summary>
    /// The same source, whose pictures are also recorded when <see cref="RecordingOptions.IncludeSource"/> is on: give it to the pipeline
    /// instead. A live camera is never held up; a file waits for the disk, so that nothing is left out.
    /// </summary>
    public ICameraSource Tap(ICameraSource source) => Tap(_options.Camera, source);

    /// <summary>As <see cref="Tap(ICameraSource)"/>, for one of several cameras.</summary>
    /// <param name="camera">The camera's name in topics.</param>
    /// <param name="source">Its pictures.</param>
    public ICameraSource Tap(string camera, ICameraSource source)
    {
        ArgumentNullException.ThrowIfNull(camera);
        ArgumentNullException.ThrowIfNull(source);
        return _options.IncludeSource ? new TappedSource(source, Of(camera).Tap) : source;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            McapWriter writer = McapWriter.Create(_options.Path, _options.Writer);
            _writer = writer;
            foreach (McapAttachment attachment in _options.Attachments)
            {
                writer.AddAttachment(attachment);
            }

            var metadata = new Dictionary<string, string>(_options.Metadata) { ["device"] = _options.Device, ["camera"] = _options.Camera };
            writer.AddMetadata("visionbanana", metadata);
        }
        catch (RecordingException error)
        {
            _problem = error.Message;
            throw new TransportException(error.Message, error);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<DropReason?> SendAsync(WireMessage message, CancellationToken cancellationToken) =>
        SendAsync(_options.Camera, message, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DropReason?> SendAsync(string camera, WireMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(camera);
        ArgumentNullException.ThrowIfNull(message);
        if (_writer is not { } writer)
        {
            return new ValueTask<DropReason?>(DropReason.NotConnected);
        }

        if (_options.Streams is { } wanted && !wanted(message))
        {
            return default;
        }

        long now = NowNs();
        CameraTopics topics = Of(camera);
        if (message.IsState)
        {
            if (topics.StatesRecordedNs.IsKnown(message, out long last) && now - last < _options.StateInterval.Ticks * 100)
            {
                return default;
            }

            topics.StatesRecordedNs.Keep(message, now);
        }

        try
        {
            writer.Write(message, topics.Of(message.Stream), now);
            _failure = null;
            return default;
        }
        catch (RecordingException error)
        {
            Failed(writer, error);
            topics.StatesRecordedNs.Forget(message.Stream);
            return new ValueTask<DropReason?>(DropReason.SendFailed);
        }
    }

    /// <summary>Waits for the camera pictures that are queued, writes what is left and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_cameras.Values.Select(c => c.Tap.DrainAsync())).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _writer, null) is not { } writer)
        {
            return;
        }

        try
        {
            writer.Dispose();
            if (writer.EndedBecause is not null)
            {
                Failed(writer, null);
            }
        }
        catch (RecordingException error)
        {
            // A sink never throws into the pipeline: the file is readable up to its last chunk, and the state says why.
            Failed(writer, error);
        }

        MessageCount = writer.MessageCount;
        _failure ??= string.Create(
            CultureInfo.InvariantCulture, $"recorded {_options.Path}: {writer.MessageCount} messages, {writer.BytesWritten / 1e6:0.0} MB{Lost()}");
    }

    /// <summary>Records a camera picture and its calibration.</summary>
    /// <exception cref="RecordingException">The disk refuses.</exception>
    internal void Record(string camera, WireMessage? cameraInfo, WireMessage picture)
    {
        McapWriter writer = _writer ?? throw new RecordingException($"The recording {_options.Path} is not open.");
        long now = NowNs();
        CameraTopics topics = Of(camera);
        try
        {
            if (cameraInfo is not null)
            {
                writer.Write(cameraInfo, topics.Of(cameraInfo.Stream), now);
            }

            writer.Write(picture, topics.Of(picture.Stream), now);
        }
        catch (RecordingException error)
        {
            Failed(writer, error);
            throw;
        }
    }

    /// <summary>Keeps what went wrong, and tells it once.</summary>
    private void Failed(McapWriter writer, RecordingException? error)
    {
        string? ended = writer.EndedBecause;
        string problem = ended is null ? error!.Message
            : string.Create(
                CultureInfo.InvariantCulture,
                $"the recording {_options.Path} ended with {writer.MessageCount} messages, {writer.BytesWritten / 1e6:0.0} MB: {ended}");
        _failure = problem;
        if (ended is not null && _ended.TrySetResult(problem))
        {
            _problem = problem;
            LogProblem(_options.Logger, problem);
        }
        else if (Interlocked.CompareExchange(ref _problem, problem, null) is null)
        {
            LogProblem(_options.Logger, problem);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    private static partial void LogProblem(ILogger logger, string problem);

    private CameraTopics Of(string camera) => _cameras.GetOrAdd(
        camera, static (name, owner) => new CameraTopics(
            owner._options.Address with { Camera = name }, new SourceTap(owner, owner._options with { Camera = name })), this);

    private long NowNs() => CaptureTime.Now(_clock).UtcNs;

    private string Lost() => SourceDropped == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {SourceDropped} camera pictures not recorded");

    /// <summary>One camera's topics, what of its state is recorded, and its pictures.</summary>
    private sealed class CameraTopics(CameraAddress address, SourceTap tap)
    {
        private readonly ConcurrentDictionary<string, string> _topics = new(StringComparer.Ordinal);

        public SourceTap Tap => tap;

        public KeptStates<long> StatesRecordedNs { get; } = new();

        public string Of(string stream) => _topics.GetOrAdd(stream, static (name, camera) => RecordingTopics.Of(camera, name), address);
    }
}
