using System.Diagnostics;
using System.Reactive.Disposables;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>
/// Plays pictures from memory: at a fixed rate as a camera does, whether somebody waits or not, or flat out, each as soon as the one before was taken.
/// Notes when each was played.
/// </summary>
internal sealed class Playback(Album album, double? rateHz, TimeSpan duration) : ICameraSource
{
    /// <summary>More are never played: at 1000 Hz that is longer than anybody waits.</summary>
    public const int MaxPictures = 200_000;

    private readonly LeasePool<CameraFrame> _pool = CameraFrame.CreatePool(8, album.Width, album.Height, album.Format);
    private readonly long[] _sent = new long[MaxPictures];
    private int _count;

    public IObservable<CameraFrame> Frames => new Player(this);

    public event Action<DropReason>? Lost;

    public bool IsLive => rateHz is not null;

    public int Width => album.Width;

    public int Height => album.Height;

    public PixelFormat Format => album.Format;

    public CameraIntrinsics? Intrinsics => album.Intrinsics;

    public double? FramesPerSecond => rateHz;

    public string Description => album.Description;

    public string State => "playing";

    public void Dispose()
    {
        // The pictures are the album's.
    }

    /// <summary>Monotonic nanoseconds at which each picture was played.</summary>
    public ReadOnlySpan<long> Sent => _sent.AsSpan(0, Volatile.Read(ref _count));

    private sealed class Player(Playback playback) : IObservable<CameraFrame>
    {
        public IDisposable Subscribe(IObserver<CameraFrame> observer)
        {
            var stop = new CancellationDisposable();
            new Thread(() => playback.Play(observer, stop.Token)) { IsBackground = true, Name = "playback" }.Start();
            return stop;
        }
    }

    private void Play(IObserver<CameraFrame> observer, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < MaxPictures; i++)
        {
            TimeSpan due = rateHz is { } rate ? TimeSpan.FromSeconds(i / rate) : Stopwatch.GetElapsedTime(start);
            if (due >= duration || !WaitUntil(start, due, stop))
            {
                break;
            }

            CaptureTime now = CaptureTime.Now(TimeProvider.System);
            _sent[i] = now.MonotonicNs;
            Volatile.Write(ref _count, i + 1);
            if (!_pool.TryRent(out CameraFrame? picture))
            {
                Lost?.Invoke(DropReason.PoolExhausted);
                continue;
            }

            using (picture)
            {
                album.Pictures[i % album.Pictures.Count].CopyTo(picture.Pixels);
                (picture.CapturedAt, picture.SequenceNumber, picture.FrameId, picture.Intrinsics) = (now, i, album.FrameId, album.Intrinsics);
                observer.OnNext(picture);
            }
        }

        observer.OnCompleted();
    }

    private static bool WaitUntil(long start, TimeSpan due, CancellationToken stop)
    {
        // Waiting is coarse: the last millisecond is spun away.
        TimeSpan rest = due - Stopwatch.GetElapsedTime(start) - TimeSpan.FromMilliseconds(1);
        if (rest > TimeSpan.Zero && stop.WaitHandle.WaitOne(rest))
        {
            return false;
        }

        while (Stopwatch.GetElapsedTime(start) < due)
        {
            Thread.SpinWait(20);
        }

        return !stop.IsCancellationRequested;
    }
}
