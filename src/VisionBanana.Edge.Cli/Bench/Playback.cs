using System.Diagnostics;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>
/// Plays pictures from memory: at a fixed rate as a camera does, whether somebody waits or not, or flat out, each as soon as the one before was taken.
/// Notes when each was played.
/// </summary>
internal sealed class Playback
{
    /// <summary>More are never played: at 1000 Hz that is longer than anybody waits.</summary>
    public const int MaxPictures = 200_000;

    private readonly long[] _sent = new long[MaxPictures];
    private int _count;

    /// <summary>Prepares to play.</summary>
    /// <param name="album">The pictures, in turn.</param>
    /// <param name="rateHz">The rate; null = flat out.</param>
    /// <param name="duration">For how long.</param>
    public Playback(Album album, double? rateHz, TimeSpan duration)
    {
        var options = new CameraSourceOptions { FrameId = album.FrameId, Intrinsics = album.Intrinsics, Pace = Pace.None };
        Source = new ReaderSource(new OpenedSource(
            album.Description, album.Width, album.Height, isLive: rateHz is not null, rateHz, options, () => new Reader(this, album, rateHz, duration))
        {
            Format = album.Format,
            Reconnects = false,
        });
    }

    /// <summary>The pictures as a camera.</summary>
    public ICameraSource Source { get; }

    /// <summary>Monotonic nanoseconds at which each picture was played.</summary>
    public ReadOnlySpan<long> Sent => _sent.AsSpan(0, Volatile.Read(ref _count));

    private sealed class Reader(Playback playback, Album album, double? rateHz, TimeSpan duration) : IPictureReader
    {
        private readonly ManualResetEvent _stopped = new(initialState: false);
        private long _start;
        private int _next;

        /// <summary>The album's pictures repeat, and are no sign of a camera that hangs.</summary>
        public double TimestampMs => _next;

        public string Current => $"picture {_next - 1}";

        public bool Grab()
        {
            _start = _next == 0 ? Stopwatch.GetTimestamp() : _start;
            TimeSpan due = rateHz is { } rate ? TimeSpan.FromSeconds(_next / rate) : Stopwatch.GetElapsedTime(_start);
            if (_next == MaxPictures || due >= duration || !WaitUntil(due))
            {
                return false;
            }

            playback._sent[_next++] = CaptureTime.MonotonicNow(TimeProvider.System);
            Volatile.Write(ref playback._count, _next);
            return true;
        }

        public PictureOutcome Read(CameraFrame frame)
        {
            album.Pictures[(_next - 1) % album.Pictures.Count].CopyTo(frame.Pixels);
            return PictureOutcome.Read;
        }

        public void Label(CameraFrame frame) => playback._sent[_next - 1] = frame.CapturedAt.MonotonicNs;

        public void Abort() => _stopped.Set();

        public void Dispose()
        {
            // Abort may still come from another thread: the event goes with the reader.
        }

        private bool WaitUntil(TimeSpan due)
        {
            // Waiting is coarse: the last millisecond is spun away.
            TimeSpan rest = due - Stopwatch.GetElapsedTime(_start) - TimeSpan.FromMilliseconds(1);
            if (rest > TimeSpan.Zero && _stopped.WaitOne(rest))
            {
                return false;
            }

            while (Stopwatch.GetElapsedTime(_start) < due)
            {
                Thread.SpinWait(20);
            }

            return !_stopped.WaitOne(0);
        }
    }
}
