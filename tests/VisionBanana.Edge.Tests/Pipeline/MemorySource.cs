using System.Reactive.Disposables;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Tests.Pipeline;

/// <summary>Grey pictures on a thread of their own, as a camera or as a file.</summary>
internal sealed class MemorySource(int count, bool isLive) : ICameraSource
{
    private static readonly CameraIntrinsics Camera = CameraIntrinsics.FromHorizontalFov(32, 24, 70);

    private readonly LeasePool<CameraFrame> _pool = CameraFrame.CreatePool(8, 32, 24, PixelFormat.Bgr8);

    public CameraIntrinsics? Intrinsics { get; init; } = Camera;

    public int Outstanding => _pool.Outstanding;

    public IObservable<CameraFrame> Frames => new Cold(this);

    public event Action<DropReason>? Lost;

    public bool IsLive => isLive;

    public int Width => 32;

    public int Height => 24;

    public PixelFormat Format => PixelFormat.Bgr8;

    public double? FramesPerSecond => null;

    public string Description => "grey pictures";

    public string State => "running";

    public void Dispose()
    {
        SpinWait.SpinUntil(() => _pool.Outstanding == 0, TimeSpan.FromSeconds(10));
        Assert.Equal(0, _pool.Outstanding);
    }

    private sealed class Cold(MemorySource source) : IObservable<CameraFrame>
    {
        public IDisposable Subscribe(IObserver<CameraFrame> observer)
        {
            var stop = new CancellationDisposable();
            new Thread(() => source.Run(observer, stop.Token)) { IsBackground = true }.Start();
            return stop;
        }
    }

    private void Run(IObserver<CameraFrame> observer, CancellationToken stop)
    {
        for (int i = 0; i < count && !stop.IsCancellationRequested; i++)
        {
            if (!_pool.TryRent(out CameraFrame? frame))
            {
                Lost?.Invoke(DropReason.PoolExhausted);
                continue;
            }

            using (frame)
            {
                frame.SequenceNumber = i;
                frame.CapturedAt = CaptureTime.Now(TimeProvider.System);
                frame.FrameId = "test_optical";
                frame.Intrinsics = Intrinsics;
                frame.Pixels.Fill((byte)(i * 7));
                observer.OnNext(frame);
            }
        }

        observer.OnCompleted();
    }
}
