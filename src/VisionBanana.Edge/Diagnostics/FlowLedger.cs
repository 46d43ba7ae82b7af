namespace VisionBanana.Edge.Diagnostics;

/// <summary>
/// The books of one pipeline: each picture moves from captured through in flight to published or dropped, per sink.
/// Every entry is one balanced step under one lock, so that any snapshot obeys the law.
/// </summary>
internal sealed class FlowLedger : IFlowCounter
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

    /// <summary>
    /// Opens the account of a sink. One that joins after the first picture counts a picture as captured when it reaches the sinks or is
    /// dropped on its way there, so that it counts none that it never sees.
    /// </summary>
    public ISinkCounter Open(string sink)
    {
        lock (_gate)
        {
            var account = new Account(this, sink, _captured > 0, _captured - _inFlight, _dropped.Copy());
            _accounts.Add(account);
            return account;
        }
    }

    /// <summary>
    /// Ends the account of a sink that leaves: it counts no picture that was not yet handed to it. What it still holds is counted as before.
    /// </summary>
    /// <exception cref="ArgumentException">The account is not of this ledger, or was closed before.</exception>
    public void Close(ISinkCounter account)
    {
        lock (_gate)
        {
            if (account is not Account own || !_accounts.Contains(own) || own.IsClosed)
            {
                throw new ArgumentException("Only an open account of this ledger can be closed.", nameof(account));
            }

            own.Close(_captured - _inFlight, _dropped.Copy());
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
                account.InFlight += account.IsClosed ? 0 : 1;
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
                flows.Add(account.Flow());
            }

            return flows;
        }
    }

    private static void Leave(ref long inFlight)
    {
        if (inFlight == 0)
        {
            throw new InvalidOperationException("A picture was counted out that was never counted in: an operator reported one picture twice.");
        }

        inFlight--;
    }

    private sealed class Account(FlowLedger ledger, string name, bool isLate, long capturedBefore, DropCounts droppedBefore) : ISinkCounter
    {
        private readonly DropCounts _drops = new();
        private long _published, _capturedAtEnd;
        private DropCounts? _droppedAtEnd;

        public long InFlight;

        public bool IsClosed => _droppedAtEnd is not null;

        public void Published()
        {
            lock (ledger._gate)
            {
                Leave(ref InFlight);
                _published++;
            }
        }

        public void Dropped(DropReason reason)
        {
            lock (ledger._gate)
            {
                Leave(ref InFlight);
                _drops.Add(reason);
            }
        }

        public void Close(long captured, DropCounts dropped) => (_capturedAtEnd, _droppedAtEnd) = (captured, dropped);

        public SinkFlow Flow()
        {
            var drops = new SortedDictionary<DropReason, long>();
            (_droppedAtEnd ?? ledger._dropped).AddTo(drops, droppedBefore);
            _drops.AddTo(drops);
            long onTheWay = isLate || IsClosed ? 0 : ledger._inFlight;
            long captured = IsClosed ? _capturedAtEnd : ledger._captured - ledger._inFlight + onTheWay;
            return new SinkFlow(name, captured - capturedBefore, _published, drops, onTheWay + InFlight);
        }
    }
}
