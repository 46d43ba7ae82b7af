using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>A source whose pictures are turned by quarter turns, and their calibration with them.</summary>
public sealed class TurnedSource : ICameraSource, IObservable<CameraFrame>
{
    private static readonly TimeSpan PoolPoll = TimeSpan.FromMilliseconds(2);

    private readonly int _turns;
    private readonly ILogger _logger;
    private readonly LeasePool<CameraFrame> _pool;
    private Action<DropReason>? _lost;

    /// <summary>Turns a source.</summary>
    /// <param name="inner">The source; disposed with this one.</param>
    /// <param name="rotation">By how much: <see cref="PictureRotation.Clockwise90"/>, 180° or 270°.</param>
    /// <param name="options">How many pictures may be out at once, and who is told of observers that give back too much.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rotation is none of the three.</exception>
    public TurnedSource(ICameraSource inner, PictureRotation rotation, CameraSourceOptions options)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(options);
        _turns = QuarterTurns(rotation);
        ArgumentOutOfRangeException.ThrowIfZero(_turns, nameof(rotation));
        (Inner, _logger) = (inner, options.Logger);
        (Width, Height) = _turns == 2 ? (inner.Width, inner.Height) : (inner.Height, inner.Width);
        Intrinsics = inner.Intrinsics?.Turned(_turns);
        _pool = SourceChecks.PoolOf(inner.Description, Width, Height, inner.Format, options.PoolCapacity);
    }

    /// <inheritdoc/>
    public event Action<DropReason>? Lost
    {
        add
        {
            _lost += value;
            Inner.Lost += value;
        }

        remove
        {
            _lost -= value;
            Inner.Lost -= value;
        }
    }

    /// <summary>The source as it delivers.</summary>
    public ICameraSource Inner { get; }

    /// <inheritdoc/>
    public IObservable<CameraFrame> Frames => this;

    /// <inheritdoc/>
    public bool IsLive => Inner.IsLive;

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <inheritdoc/>
    public PixelFormat Format => Inner.Format;

    /// <inheritdoc/>
    public CameraIntrinsics? Intrinsics { get; }

    /// <inheritdoc/>
    public string? CalibrationProblem => Inner.CalibrationProblem;

    /// <inheritdoc/>
    public double? FramesPerSecond => Inner.FramesPerSecond;

    /// <inheritdoc/>
    public string Description => $"{Inner.Description}, turned by {_turns * 90}° to {Width}×{Height}";

    /// <inheritdoc/>
    public string State => Inner.State;

    /// <summary>By how many quarter turns a rotation turns clockwise, 0 to 3; 0 for what the pictures themselves decide.</summary>
    public static int QuarterTurns(PictureRotation rotation) => rotation switch
    {
        PictureRotation.Clockwise90 => 1,
        PictureRotation.Clockwise180 => 2,
        PictureRotation.Clockwise270 => 3,
        _ => 0,
    };

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<CameraFrame> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var turning = new Turning(this, observer);
        turning.Source = Inner.Frames.Subscribe(turning);
        return turning;
    }

    /// <inheritdoc/>
    public void Dispose() => Inner.Dispose();

    /// <summary>Turns a picture of three bytes per pixel clockwise.</summary>
    /// <param name="from">Height rows of width pixels.</param>
    /// <param name="width">Pixels per row before.</param>
    /// <param name="turns">Quarter turns, 1 to 3.</param>
    /// <param name="to">Receives as many bytes.</param>
    internal static void Turn(ReadOnlySpan<byte> from, int width, int turns, Span<byte> to)
    {
        int height = from.Length / 3 / width;

        // Where the first pixel goes, and what one pixel to the right and one row down are there.
        (int start, int right, int down) = turns switch
        {
            1 => (height - 1, height, -1),
            2 => ((width * height) - 1, -1, -width),
            _ => ((width - 1) * height, -height, 1),
        };

        // In blocks of 16 rows: what is written side by side is still at hand when the next row comes.
        const int Block = 16;
        for (int top = 0; top < height; top += Block)
        {
            int bottom = Math.Min(top + Block, height);
            for (int x = 0; x < width; x++)
            {
                int i = ((top * width) + x) * 3, o = (start + (x * right) + (top * down)) * 3;
                for (int y = top; y < bottom; y++, i += 3 * width, o += 3 * down)
                {
                    (to[o], to[o + 1], to[o + 2]) = (from[i], from[i + 1], from[i + 2]);
                }
            }
        }
    }

    private sealed class Turning(TurnedSource source, IObserver<CameraFrame> observer) : IObserver<CameraFrame>, IDisposable
    {
        private readonly ManualResetEventSlim _disposed = new();
        private CameraIntrinsics? _of, _turned;

        public IDisposable? Source { get; set; }

        public void OnNext(CameraFrame value)
        {
            CameraFrame? turned;
            while (!source._pool.TryRent(out turned))
            {
                // A file waits until a picture comes back; a live camera does not.
                if (source.IsLive || _disposed.Wait(PoolPoll))
                {
                    source._lost?.Invoke(DropReason.PoolExhausted);
                    return;
                }
            }

            try
            {
                Turn(value.Pixels, value.Width, source._turns, turned.Pixels);
                (turned.CapturedAt, turned.SequenceNumber, turned.FrameId) = (value.CapturedAt, value.SequenceNumber, value.FrameId);
                turned.Intrinsics = Turned(value.Intrinsics);
                turned.Support = value.Support?.Turned(source._turns);
                observer.OnNext(turned);
            }
            finally
            {
                ThrowingObserver.TakeBack(turned, source._logger);
            }
        }

        public void OnError(Exception error) => observer.OnError(error);

        public void OnCompleted() => observer.OnCompleted();

        public void Dispose()
        {
            _disposed.Set();
            Source?.Dispose();
        }

        /// <summary>The same object while the source gives the same: tables are made once per calibration.</summary>
        private CameraIntrinsics? Turned(CameraIntrinsics? camera)
        {
            if (ReferenceEquals(camera, source.Inner.Intrinsics))
            {
                return source.Intrinsics;
            }

            if (!ReferenceEquals(camera, _of))
            {
                (_of, _turned) = (camera, camera?.Turned(source._turns));
            }

            return _turned;
        }
    }
}
