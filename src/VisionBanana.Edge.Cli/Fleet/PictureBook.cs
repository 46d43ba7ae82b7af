using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>
/// The robot's books of pictures that were handed to workers: each is answered, dropped by a worker with its reason, or expired. A picture that is
/// answered twice is found out here.
/// </summary>
/// <param name="account">Where each picture is counted once.</param>
/// <param name="patience">When nobody says what became of a picture for so long, it counts as expired.</param>
/// <param name="capacity">Pictures that may be unanswered at once.</param>
/// <param name="clock">Measures patience.</param>
internal sealed class PictureBook(ISinkCounter account, TimeSpan patience, int capacity, TimeProvider clock)
{
    /// <summary>Pictures that are remembered after they were settled, to find those that are answered again.</summary>
    private const int Remembered = 4096;

    private readonly object _gate = new();
    private readonly Dictionary<long, Entry> _entries = [];
    private readonly Queue<long> _order = new();
    private long _answeredTwice, _answeredLate;
    private int _open;

    /// <summary>Pictures that a worker answered although another did before.</summary>
    public long AnsweredTwice => Interlocked.Read(ref _answeredTwice);

    /// <summary>Pictures that were answered after they had been given up.</summary>
    public long AnsweredLate => Interlocked.Read(ref _answeredLate);

    /// <summary>Pictures whose answer is waited for.</summary>
    public int Unanswered
    {
        get
        {
            lock (_gate)
            {
                return _open;
            }
        }
    }

    /// <summary>Waits until one more may be handed over; false when none may within the limit.</summary>
    public bool WaitForRoom(TimeSpan limit)
    {
        lock (_gate)
        {
            return _open < capacity || (limit > TimeSpan.Zero && Monitor.Wait(_gate, limit) && _open < capacity);
        }
    }

    /// <summary>Begins to wait for the answer to a picture; it is in flight in the account already.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="capturedNs">Its capture time: numbers begin anew when a robot starts again.</param>
    public void Open(long sequence, long capturedNs)
    {
        lock (_gate)
        {
            while (_order.Count >= Remembered + capacity)
            {
                _entries.Remove(_order.Dequeue());
            }

            _entries[sequence] = new Entry { CapturedNs = capturedNs, Since = clock.GetTimestamp() };
            _order.Enqueue(sequence);
            _open++;
        }
    }

    /// <summary>True for a picture that is remembered: what is said of others is of an earlier run, or made up.</summary>
    public bool Knows(long sequence, long capturedNs)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(sequence, out Entry? entry) && entry.CapturedNs == capturedNs;
        }
    }

    /// <summary>A worker, or the way to it, says what became of a picture.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="capturedNs">Its capture time.</param>
    /// <param name="dropped">Why it was not answered; null = answered.</param>
    public void Settle(long sequence, long capturedNs, DropReason? dropped)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(sequence, out Entry? entry) || entry.CapturedNs != capturedNs)
            {
                return;
            }

            if (entry.IsOpen)
            {
                Close(entry, dropped);
            }
            else if (dropped is null)
            {
                _answeredTwice += entry.WasAnswered ? 1 : 0;
                _answeredLate += entry.WasAnswered ? 0 : 1;
                entry.WasAnswered = true;
            }
        }
    }

    /// <summary>Gives up pictures that nobody spoke of for too long.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            foreach (Entry entry in _entries.Values)
            {
                if (entry.IsOpen && clock.GetElapsedTime(entry.Since) > patience)
                {
                    Close(entry, DropReason.Expired);
                }
            }
        }
    }

    /// <summary>Gives up all of them.</summary>
    public void CloseAll(DropReason reason)
    {
        lock (_gate)
        {
            foreach (Entry entry in _entries.Values)
            {
                if (entry.IsOpen)
                {
                    Close(entry, reason);
                }
            }
        }
    }

    private void Close(Entry entry, DropReason? dropped)
    {
        (entry.IsOpen, entry.WasAnswered) = (false, dropped is null);
        _open--;
        Monitor.PulseAll(_gate);
        if (dropped is { } reason)
        {
            account.Dropped(reason);
        }
        else
        {
            account.Published();
        }
    }

    private sealed class Entry
    {
        public required long CapturedNs { get; init; }

        public required long Since { get; init; }

        public bool IsOpen { get; set; } = true;

        public bool WasAnswered { get; set; }
    }
}
