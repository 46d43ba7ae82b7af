using System.Globalization;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// Records what a pipeline publishes: one more sink. Topics are <see cref="RecordingTopics.Of"/>; log time is when a message was
/// recorded, publish time when its picture was taken.
/// </summary>
public sealed class RecordingTransport : IMessageTransport
{
    private readonly RecordingOptions _options;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, string> _topics = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (WireMessage Message, long RecordedNs)> _states = new(StringComparer.Ordinal);
    private readonly SourceTap _tap;
    private McapWriter? _writer;
    private volatile string? _failure;

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
        _tap = new SourceTap(this, options);
    }

    /// <inheritdoc/>
    public string Name => "mcap";

    /// <inheritdoc/>
    public string State => _failure ?? (_writer is { } writer
        ? string.Create(CultureInfo.InvariantCulture, $"recording {_options.Path}: {writer.MessageCount} messages, {writer.BytesWritten / 1e6:0.0} MB{Lost()}")
        : $"not recording to {_options.Path} yet");

    /// <summary>Camera pictures recorded so far.</summary>
    public long SourceRecorded => _tap.Recorded;

    /// <summary>Camera pictures that were not recorded because the disk was behind or refused.</summary>
    public long SourceDropped => _tap.Dropped;

    /// <summary>
    /// The same source, whose pictures are also recorded when <see cref="RecordingOptions.IncludeSource"/> is on: give it to the pipeline
    /// instead. A live camera is never held up; a file waits for the disk, so that nothing is left out.
    /// </summary>
    public ICameraSource Tap(ICameraSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _options.IncludeSource ? new TappedSource(source, _tap) : source;
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
            throw new TransportException(error.Message, error);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<DropReason?> SendAsync(WireMessage message, CancellationToken cancellationToken)
    {
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
        if (message.IsState)
        {
            if (_states.TryGetValue(message.Stream, out (WireMessage Message, long RecordedNs) last)
                && ReferenceEquals(last.Message, message) && now - last.RecordedNs < _options.StateInterval.Ticks * 100)
            {
                return default;
            }

            _states[message.Stream] = (message, now);
        }

        try
        {
            writer.Write(message, TopicOf(message.Stream), now);
            _failure = null;
            return default;
        }
        catch (RecordingException error)
        {
            _failure = error.Message;
            _states.Remove(message.Stream);
            return new ValueTask<DropReason?>(DropReason.SendFailed);
        }
    }

    /// <summary>Waits for the camera pictures that are queued, writes what is left and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _tap.DrainAsync().ConfigureAwait(false);
        McapWriter? writer = Interlocked.Exchange(ref _writer, null);
        try
        {
            writer?.Dispose();
            _failure ??= writer is null ? null : string.Create(CultureInfo.InvariantCulture, $"recorded {_options.Path}: {writer.MessageCount} messages, {writer.BytesWritten / 1e6:0.0} MB{Lost()}");
        }
        catch (RecordingException error)
        {
            // A sink never throws into the pipeline: the file is readable up to its last chunk, and the state says why.
            _failure = error.Message;
        }
    }

    /// <summary>Records a camera picture and its calibration.</summary>
    /// <exception cref="RecordingException">The disk refuses.</exception>
    internal void Record(WireMessage? cameraInfo, WireMessage picture)
    {
        McapWriter writer = _writer ?? throw new RecordingException($"The recording {_options.Path} is not open.");
        long now = NowNs();
        if (cameraInfo is not null)
        {
            writer.Write(cameraInfo, TopicOf(cameraInfo.Stream), now);
        }

        writer.Write(picture, TopicOf(picture.Stream), now);
    }

    private string TopicOf(string stream)
    {
        lock (_topics)
        {
            if (!_topics.TryGetValue(stream, out string? topic))
            {
                _topics[stream] = topic = RecordingTopics.Of(_options.Device, _options.Camera, stream);
            }

            return topic;
        }
    }

    private long NowNs() => CaptureTime.Now(_clock).UtcNs;

    private string Lost() => SourceDropped == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {SourceDropped} camera pictures not recorded");
}
