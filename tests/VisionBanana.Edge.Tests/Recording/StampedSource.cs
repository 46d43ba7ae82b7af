using System.Reactive.Disposables;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Tests.Recording;

/// <summary>A file of pictures in which every pixel differs, with stamps 40 ms apart and a lens that distorts.</summary>
internal sealed class StampedSource(int count, bool isLive = false) : ICameraSource, IObservable<CameraFrame>
{
    public const long FirstNs = 1_700_000_000_123_456_789, IntervalNs = 40_000_000;

    private readonly LeasePool<CameraFrame> _pool = CameraFrame.CreatePool(8, 32, 24, PixelFormat.Bgr8);

    public int Outstanding => _pool.Outstanding;

    public CameraIntrinsics? Intrinsics { get; init; } =
        CameraIntrinsics.FromHorizontalFov(32, 24, 70) with { Distortion = [-0.05, 0.01, 0.001, -0.002, 0.003], Name = "lens" };

    public IObservable<CameraFrame> Frames => this;

    public bool IsLive => isLive;

    public int Width => 32;

    public int Height => 24;

    public PixelFormat Format => PixelFormat.Bgr8;

    public double? FramesPerSecond => null;

    public string Description => "stamped pictures";

    public string State => "running";

    public void Dispose()
    {
        // Nothing is held between subscriptions.
    }

    public static byte[] Pixels(long sequence)
    {
        byte[] pixels = new byte[32 * 24 * 3];
        new Random((int)sequence).NextBytes(pixels);
        return pixels;
    }

    public IDisposable Subscribe(IObserver<CameraFrame> observer)
    {
        var stop = new CancellationDisposable();
        new Thread(() => Run(observer, stop.Token)) { IsBackground = true }.Start();
        return stop;
    }

    private void Run(IObserver<CameraFrame> observer, CancellationToken stop)
    {
        for (int i = 0; i < count && !stop.IsCancellationRequested; i++)
        {
            CameraFrame? frame;
            while (!_pool.TryRent(out frame))
            {
                Thread.Yield();
            }

            using (frame)
            {
                frame.SequenceNumber = i;
                frame.CapturedAt = new CaptureTime(CaptureTime.MonotonicNow(TimeProvider.System), FirstNs + (i * IntervalNs));
                frame.FrameId = "front_optical";
                frame.Intrinsics = Intrinsics;
                Pixels(i).CopyTo(frame.Pixels);
                observer.OnNext(frame);
            }
        }

        observer.OnCompleted();
    }
}
