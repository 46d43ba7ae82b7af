using System.Globalization;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// A recording as camera: its pictures with the stamps, sequence numbers, coordinate frames and calibrations that were recorded. Raw pictures
/// (<see cref="RecordingOptions.IncludeSource"/>) go through a model as they went the first time, bit by bit; <c>color</c> streams are
/// rectified JPEGs, good to look at and to try a model on. Reads recordings of other ROS 2 tools as well.
/// </summary>
public sealed class RecordingSource : ICameraSource, IObservable<CameraFrame>, ISourceFeed
{
    private readonly RecordingReader _recording;
    private readonly RecordingSourceOptions _options;
    private readonly PictureTopic _topic;
    private readonly LeasePool<CameraFrame> _pool;
    private volatile string _state = "opened";

    private RecordingSource(
        RecordingReader recording, RecordingSourceOptions options, PictureTopic topic, (int Width, int Height, PixelFormat Format) shape, long count)
    {
        (_recording, _options, _topic) = (recording, options, topic);
        (Width, Height, Format) = shape;
        _pool = SourceChecks.PoolOf(topic.Pictures.Topic, Width, Height, Format, options.PoolCapacity);
        double seconds = recording.Statistics?.Duration.TotalSeconds ?? 0;
        FramesPerSecond = options.Speed is { } speed && count > 1 && seconds > 0 ? (count - 1) / seconds * speed : null;
        string pictures = count < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {count} pictures");
        Description = string.Create(CultureInfo.InvariantCulture, $"recording {topic.Pictures.Topic}, {Width}×{Height}{pictures}");
    }

    /// <inheritdoc/>
    public IObservable<CameraFrame> Frames => this;

    /// <inheritdoc/>
    public event Action<DropReason>? Lost;

    /// <inheritdoc/>
    public bool IsLive => false;

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <inheritdoc/>
    public PixelFormat Format { get; }

    /// <inheritdoc/>
    public double? FramesPerSecond { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public string State => _state;

    /// <summary>Whether the recording is whole, and what was lost.</summary>
    public McapRecovery Recovery => _recording.Recovery;

    /// <inheritdoc/>
    public CameraIntrinsics? Intrinsics => _topic.FirstIntrinsics;

    /// <summary>Why the recorded calibration cannot be used, when there is one that cannot; null = it can, or there is none.</summary>
    public string? CalibrationProblem => _topic.CalibrationProblem;

    LeasePool<CameraFrame> ISourceFeed.Pool => _pool;

    /// <summary>
    /// Opens a recording (<see cref="RecordingFiles"/>: a file or a bag folder) and finds its pictures. Damaged chunks are left out, see
    /// <see cref="Recovery"/>.
    /// </summary>
    /// <exception cref="CameraException">There are no pictures that can be read; the message lists the topics.</exception>
    /// <exception cref="RecordingException">The file cannot be opened.</exception>
    /// <exception cref="MessageFormatException">It is no MCAP file.</exception>
    /// <exception cref="ConfigurationException">The speed is not above 0.</exception>
    public static RecordingSource Open(string path, RecordingSourceOptions? options = null) =>
        Open(RecordingFiles.Open(path, new McapReaderOptions { SkipDamagedChunks = true }), options);

    /// <summary>The same over a reader, which the source closes.</summary>
    /// <exception cref="CameraException">There are no pictures that can be read; the message lists the topics.</exception>
    /// <exception cref="ConfigurationException">The speed is not above 0.</exception>
    public static RecordingSource Open(RecordingReader recording, RecordingSourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(recording);
        options ??= new RecordingSourceOptions();
        try
        {
            PlaybackClock.Check(options.Speed);
            var topic = PictureTopic.Find(recording, options);
            long count = recording.Statistics is { MessagesByChannel: { IsEmpty: false } counts } ? counts.GetValueOrDefault(topic.Pictures.Id) : -1;
            return new RecordingSource(recording, options, topic, topic.ReadFirst(recording), count);
        }
        catch
        {
            recording.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<CameraFrame> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var options = new CameraSourceOptions { Pace = Pace.None, Loop = _options.Loop, Clock = _options.Clock, Logger = _options.Logger };
        var numbers = new SequenceNumbers();
        var opened = new OpenedSource(
            Description, Width, Height, IsLive, FramesPerSecond, options,
            () => new RecordedPictureReader(_recording, _topic, _options, numbers, Tell));
        return SourceLoop.Start(this, opened, observer);
    }

    /// <summary>Closes the recording.</summary>
    public void Dispose() => _recording.Dispose();

    void ISourceFeed.Tell(string state) => Tell(state);

    void ISourceFeed.Lose(DropReason reason) => Lost?.Invoke(reason);

    private void Tell(string state) => _state = state;
}
