using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Recording;

/// <summary>Brings camera pictures to a recording on a thread of its own, as raw sensor_msgs/Image with a CameraInfo of the same stamp.</summary>
internal sealed class SourceTap(RecordingTransport recording, RecordingOptions options) : IFlowCounter
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(5);

    private long _recorded, _dropped;
    private volatile Task _drained = Task.CompletedTask;

    public long Recorded => Interlocked.Read(ref _recorded);

    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Opens the way for one subscription of the source.</summary>
    public IObserver<CameraFrame> Open(bool isLive)
    {
        var entry = new Entry();
        var writer = new PictureWriter(this, recording, options.Camera);
        _drained = writer.Drained;
        new LeaseQueue<CameraFrame>(entry, options.SourceQueueCapacity, isLive ? WhenFull.DropOldest : WhenFull.Wait, this, NullLogger.Instance)
            .Subscribe(writer);
        return entry;
    }

    /// <summary>Waits until what is queued was recorded; a disk that hangs is not waited for.</summary>
    public async Task DrainAsync()
    {
        try
        {
            await _drained.WaitAsync(DrainPatience, options.Writer.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The file is closed with what it has; what is still queued then finds no file and is counted as dropped.
        }
    }

    void IFlowCounter.Captured()
    {
    }

    void IFlowCounter.Dropped(DropReason reason) => Interlocked.Increment(ref _dropped);

    /// <summary>Where the tapped source puts its pictures in.</summary>
    private sealed class Entry : IObservable<CameraFrame>, IObserver<CameraFrame>, IDisposable
    {
        private IObserver<CameraFrame>? _queue;
        private int _ended;

        public IDisposable Subscribe(IObserver<CameraFrame> observer)
        {
            _queue = observer;
            return this;
        }

        public void OnNext(CameraFrame value)
        {
            if (Volatile.Read(ref _ended) == 0)
            {
                _queue!.OnNext(value);
            }
        }

        public void OnError(Exception error) => OnCompleted();

        public void OnCompleted()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                _queue!.OnCompleted();
            }
        }

        public void Dispose()
        {
        }
    }

    private sealed class PictureWriter(SourceTap tap, RecordingTransport recording, string camera) : IObserver<CameraFrame>
    {
        private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CdrWriter _imageWriter = new(), _infoWriter = new();
        private readonly WireMessage _image = new() { Stream = RecordingTopics.SourceImage, Schema = Image.Schema };
        private readonly WireMessage _info = new() { Stream = RecordingTopics.SourceCameraInfo, Schema = CameraInfo.Schema };
        private CameraIntrinsics? _intrinsics;
        private CameraInfo? _template;

        public Task Drained => _drained.Task;

        public void OnNext(CameraFrame value)
        {
            var header = new Header(Time.FromNanoseconds(value.CapturedAt.UtcNs), value.FrameId);
            WireMessage? info = null;
            if (value.Intrinsics is { } intrinsics)
            {
                if (!ReferenceEquals(intrinsics, _intrinsics))
                {
                    (_intrinsics, _template) = (intrinsics, CameraInfo.From(intrinsics, header));
                }

                _infoWriter.Begin();
                (_template! with { Header = header }).WriteTo(_infoWriter);
                info = Describe(_info, value, _infoWriter);
            }

            _imageWriter.Begin();
            value.Pixels.CopyTo(Image.Write(_imageWriter, header, value.Width, value.Height, value.Format == PixelFormat.Bgr8 ? "bgr8" : "rgb8", 3));
            recording.Record(camera, info, Describe(_image, value, _imageWriter));
            Interlocked.Increment(ref tap._recorded);
        }

        public void OnError(Exception error) => _drained.TrySetResult();

        public void OnCompleted() => _drained.TrySetResult();

        private static WireMessage Describe(WireMessage message, CameraFrame frame, CdrWriter writer)
        {
            message.SequenceNumber = frame.SequenceNumber;
            message.CapturedNs = frame.CapturedAt.UtcNs;
            message.FrameId = frame.FrameId;
            message.Payload = writer.Written;
            return message;
        }
    }
}
