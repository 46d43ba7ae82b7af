using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// One painter for several cameras: pictures take turns by deadline. A picture's deadline is when its camera's equal share of the painter would have
/// painted it, counted in the painter's own time: a camera that asks more often or for more gets what the others leave, and takes nothing from them.
/// The painter is never idle while a picture waits.
/// </summary>
public sealed class SharedPainter : IDisposable
{
    /// <summary>How often a waiting picture looks whether the run is being stopped.</summary>
    private static readonly TimeSpan StopCheck = TimeSpan.FromMilliseconds(50);

    private readonly object _gate = new();
    private readonly IPainter _painter;
    private readonly TimeProvider _clock;
    private readonly List<Share> _shares = [], _waiting = [];
    private long _virtualTime;
    private bool _isBusy;

    /// <summary>Shares a painter, which becomes this object's.</summary>
    /// <param name="painter">The model.</param>
    /// <param name="clock">Measures how long paintings take.</param>
    public SharedPainter(IPainter painter, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(painter);
        (_painter, _clock) = (painter, clock ?? TimeProvider.System);
    }

    /// <summary>What the cameras got so far, in the order in which they were added.</summary>
    public IReadOnlyList<PainterShare> Shares
    {
        get
        {
            lock (_gate)
            {
                return [.. _shares.Select(s => s.Report())];
            }
        }
    }

    /// <summary>Pictures that wait for their turn.</summary>
    internal int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>The painter as one camera sees it: its calls wait for their turn. Disposing it leaves the painter to the others.</summary>
    /// <param name="camera">The camera's name, for <see cref="Shares"/>.</param>
    public IPainter For(string camera)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(camera);
        var share = new Share(this, camera);
        lock (_gate)
        {
            _shares.Add(share);
        }

        return share;
    }

    /// <summary>Disposes the painter.</summary>
    public void Dispose() => _painter.Dispose();

    private void Enter(Share share, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Who did not ask for a while has saved nothing up.
            share.Start = Math.Max(_virtualTime, share.Finish);
            share.Deadline = share.Start + share.Expected;
            _waiting.Add(share);
            while (_isBusy || Next() != share)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    _waiting.Remove(share);
                    Monitor.PulseAll(_gate);
                    throw new OperationCanceledException(cancellationToken);
                }

                Monitor.Wait(_gate, StopCheck);
            }

            _waiting.Remove(share);
            _isBusy = true;
            _virtualTime = share.Start;
        }
    }

    private void Leave(Share share, long waitedTicks, long paintedTicks)
    {
        lock (_gate)
        {
            _isBusy = false;
            share.Note(waitedTicks, paintedTicks);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The earliest deadline; among equal ones who came first.</summary>
    private Share? Next()
    {
        Share? next = null;
        foreach (Share share in _waiting)
        {
            if (next is null || share.Deadline < next.Deadline)
            {
                next = share;
            }
        }

        return next;
    }

    private sealed class Share(SharedPainter owner, string camera) : IPainter
    {
        private long _paintings, _paintedTicks, _waitedTicks;

        /// <summary>In ticks of the painter's own time: when the picture's turn begins in an equal share, and by when it is due.</summary>
        public long Start { get; set; }

        public long Deadline { get; set; }

        /// <summary>When the share's last picture ended.</summary>
        public long Finish { get; private set; }

        /// <summary>How long its pictures take.</summary>
        public long Expected { get; private set; }

        public PainterDescription Description => owner._painter.Description;

        public string? WhyNot(Instruction instruction) => owner._painter.WhyNot(instruction);

        public void Paint(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, CancellationToken cancellationToken = default)
        {
            long asked = owner._clock.GetTimestamp();
            owner.Enter(this, cancellationToken);
            long began = owner._clock.GetTimestamp();
            try
            {
                owner._painter.Paint(frame, instructions, cancellationToken);
            }
            finally
            {
                owner.Leave(this, owner._clock.GetElapsedTime(asked, began).Ticks, owner._clock.GetElapsedTime(began).Ticks);
            }
        }

        public void Note(long waitedTicks, long paintedTicks)
        {
            Finish = Start + paintedTicks;
            Expected = Expected == 0 ? paintedTicks : ((3 * Expected) + paintedTicks) / 4;
            _paintings++;
            _waitedTicks += waitedTicks;
            _paintedTicks += paintedTicks;
        }

        public PainterShare Report() => new(camera, _paintings, TimeSpan.FromTicks(_paintedTicks), TimeSpan.FromTicks(_waitedTicks));

        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._shares.Remove(this);
            }
        }
    }
}
