namespace VisionBanana.Edge.Diagnostics;

/// <summary>
/// The books of one pipeline: each picture moves from captured through in flight to published or dropped, per sink.
/// Every entry is one balanced step under one lock, so that any snapshot obeys the law.
/// </summary>
public sealed class FlowLedger : IFlowCounter
{
    private readonly Lock _gate = new();
    private readonly DropCounts _dropped = new();
    private readonly List<Account> _accounts = [];
    private long _captured;
    private long _inFlight;

    /// <summary>Pictures the source delivered so far.</summary>
    public long CapturedCount
    {
        get
        {
            lock (_gate)
            {
                return _captured;
            }
        }
    }

    /// <summary>Pictures between the source and the hand-over to the sinks.</summary>
    public long OnTheWay
    {
        get
        {
            lock (_gate)
            {
                return _inFlight;
            }
        }
    }

    /// <summary>Opens the account of a sink; all sinks are opened before the first picture.</summary>
    public ISinkCounter Open(string sink)
    {
        lock (_gate)
        {
            if (_captured > 0)
            {
                throw new InvalidOperationException("A sink joins the ledger before the first picture is captured.");
            }

            var account = new Account(this, sink);
            _accounts.Add(account);
            return account;
        }
    }

    /// <inheritdoc/>
    public void Captured()
    {
        lock (_gate)
        {
            _captured++;
            _inFlight++;
        }
    }

    /// <inheritdoc/>
    public void Dropped(DropReason reason)
    {
        lock (_gate)
        {
            Leave(ref _inFlight);
            _dropped.Add(reason);
        }
    }

    /// <summary>A picture left the common path: it is now in flight in every sink.</summary>
    public void HandedToSinks()
    {
        lock (_gate)
        {
            Leave(ref _inFlight);
            foreach (Account account in _accounts)
            {
                account.InFlight++;
            }
        }
    }

    /// <summary>The books of every sink at one moment.</summary>
    public IReadOnlyList<SinkFlow> Snapshot()
    {
        lock (_gate)
        {
            var flows = new List<SinkFlow>(_accounts.Count);
            foreach (Account account in _accounts)
            {
                var drops = new SortedDictionary<DropReason, long>();
                _dropped.AddTo(drops);
                account.Drops.AddTo(drops);
                flows.Add(new SinkFlow(account.Name, _captured, account.PublishedCount, drops, _inFlight + account.InFlight));
            }

            return flows;
        }
    }

    private static void Leave(ref long inFlight)
    {
        if (inFlight == 0)
        {
            throw new InvalidOperationException("A picture was counted out that was never counted in: an operator reports a fate twice.");
        }

        inFlight--;
    }

    private sealed class Account(FlowLedger ledger, string name) : ISinkCounter
    {
        public string Name => name;

        public DropCounts Drops { get; } = new();

        public long PublishedCount { get; private set; }

        public long InFlight;

        public void Published()
        {
            lock (ledger._gate)
            {
                Leave(ref InFlight);
                PublishedCount++;
            }
        }

        public void Dropped(DropReason reason)
        {
            lock (ledger._gate)
            {
                Leave(ref InFlight);
                Drops.Add(reason);
            }
        }
    }
}
