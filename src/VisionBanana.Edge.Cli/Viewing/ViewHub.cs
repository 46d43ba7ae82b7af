using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>
/// The newest picture and the pages that look at it. A layer is encoded when a page that is ready wants it, once for all pages; with
/// nobody looking a picture costs nothing. What is not painted in every picture (labels every third) is kept until it is painted again.
/// </summary>
internal sealed class ViewHub : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IImageEncoder _images;
    private readonly int _maxClients;
    private readonly List<ViewClient> _clients = [], _ready = [];
    private readonly LeasePool<ViewLayer>[] _pools;
    private readonly ViewLayer?[] _current = new ViewLayer?[LayerKinds.All.Length];
    private PerceptionFrame? _last;
    private object? _camera;
    private TaskCompletionSource<PerceptionFrame>? _waiter;
    private Func<PerceptionFrame, bool> _fits = _ => false;
    private volatile int _count;
    private int _refreshing, _reserved;
    private bool _isClosed;

    /// <param name="images">The encoder of pictures; the hub's alone.</param>
    /// <param name="maxClients">The most pages.</param>
    public ViewHub(IImageEncoder images, int maxClients)
    {
        _images = images;
        _maxClients = maxClients;

        // Each page holds at most one that waits and one that is sent; the hub the newest, and the one that replaces it.
        _pools = [.. LayerKinds.All.Select(_ => ViewLayer.CreatePool((2 * maxClients) + 2))];
    }

    /// <summary>Pages now.</summary>
    public int Count => _count;

    /// <summary>From capture until a page said that it shows the picture.</summary>
    public RecentDurations ToScreen { get; } = new();

    /// <summary>Takes a place for a page before its connection is accepted; false when there are too many.</summary>
    public bool TryReserve()
    {
        lock (_gate)
        {
            if (_reserved == _maxClients || _isClosed)
            {
                return false;
            }

            _reserved++;
            return true;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _reserved--;
        }
    }

    /// <summary>Adds the page of a place that was taken.</summary>
    public void Add(ViewClient client)
    {
        lock (_gate)
        {
            _clients.Add(client);
            _count = _clients.Count;
        }
    }

    public void Remove(ViewClient client)
    {
        lock (_gate)
        {
            _clients.Remove(client);
            _count = _clients.Count;
        }
    }

    /// <summary>The pages now.</summary>
    public ViewClient[] Clients()
    {
        lock (_gate)
        {
            return [.. _clients];
        }
    }

    /// <summary>Sends text to every page.</summary>
    public void Post(byte[] text)
    {
        foreach (ViewClient client in Clients())
        {
            client.Post(text);
        }
    }

    /// <summary>Takes the newest picture and gives it to the pages that are ready.</summary>
    public void Show(PerceptionFrame frame)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            frame.Retain();
            _last?.Dispose();
            _last = frame;
            if (!ReferenceEquals(frame.Intrinsics, _camera))
            {
                // Another camera: its rays are other ones.
                _camera = frame.Intrinsics;
                Drop(kind => kind.IsOfCamera);
            }

            if (_waiter is not null && _fits(frame))
            {
                frame.Retain();
                TaskCompletionSource<PerceptionFrame> waiter = _waiter;
                _waiter = null;
                if (!waiter.TrySetResult(frame))
                {
                    frame.Dispose();
                }
            }

            Deliver(frame);
        }
    }

    /// <summary>Gives the newest picture to pages that became ready or want something else, on another thread; asking often asks once.</summary>
    public void Refresh()
    {
        if (Interlocked.Exchange(ref _refreshing, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static hub => hub.DeliverLast(), this, preferLocal: false);
        }
    }

    /// <summary>Forgets what was painted for other instructions.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            Drop(kind => kind.IsKept && !kind.IsOfCamera);
        }
    }

    /// <summary>The newest picture, retained for the caller, or null when there is none yet.</summary>
    public PerceptionFrame? TakeLast()
    {
        lock (_gate)
        {
            _last?.Retain();
            return _last;
        }
    }

    /// <summary>The next picture that fits, retained for the caller. One caller at a time.</summary>
    public async Task<PerceptionFrame?> NextAsync(Func<PerceptionFrame, bool> fits, TimeSpan patience)
    {
        var waiter = new TaskCompletionSource<PerceptionFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            (_waiter, _fits) = (waiter, fits);
        }

        if (await Task.WhenAny(waiter.Task, Task.Delay(patience)).ConfigureAwait(false) == waiter.Task || !waiter.TrySetCanceled())
        {
            return await waiter.Task.ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Lets go of every picture.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _last?.Dispose();
            _last = null;
            Drop(_ => true);
        }
    }

    private void DeliverLast()
    {
        Interlocked.Exchange(ref _refreshing, 0);
        lock (_gate)
        {
            if (_last is { } frame)
            {
                Deliver(frame);
            }
        }
    }

    private void Deliver(PerceptionFrame frame)
    {
        long wanted = 0, ready = 0;
        _ready.Clear();
        foreach (ViewClient client in _clients)
        {
            long wants = client.Wants;
            wanted |= wants;
            if (client.IsReady)
            {
                ready |= wants;
                _ready.Add(client);
            }
        }

        for (int i = 0; i < LayerKinds.All.Length; i++)
        {
            LayerKind kind = LayerKinds.All[i];
            bool isNew = _current[i] is not { } layer || (layer.Sequence != frame.SequenceNumber && !kind.IsOfCamera);
            if (isNew && !kind.IsKept)
            {
                Drop(i);
            }

            if (isNew && ((kind.IsKept ? wanted : ready) & (1L << i)) != 0 && kind.IsIn(frame) && _pools[i].TryRent(out ViewLayer? fresh))
            {
                fresh.Begin(frame.SequenceNumber);
                kind.Encode(frame, _images, fresh);
                Drop(i);
                _current[i] = fresh;
            }
        }

        var picture = new ViewClient.PictureOf(frame.SequenceNumber, frame.CapturedAt, frame.Width, frame.Height);
        foreach (ViewClient client in _ready)
        {
            client.Offer(picture, _current);
        }
    }

    private void Drop(Predicate<LayerKind> which)
    {
        for (int i = 0; i < LayerKinds.All.Length; i++)
        {
            if (which(LayerKinds.All[i]))
            {
                Drop(i);
            }
        }
    }

    private void Drop(int index)
    {
        _current[index]?.Dispose();
        _current[index] = null;
    }
}
