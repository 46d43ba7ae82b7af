using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Cli.Foxglove;

/// <summary>
/// What waits for one viewer: state before pictures before clouds, each in its order. When it is full, the oldest of what matters least goes;
/// a slow viewer still sees transforms and diagnostics of now.
/// </summary>
internal sealed class SendQueue(int capacity) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly Queue<FoxgloveClient.Outgoing>[] _byRank = [new(), new(), new()];
    private int _count;
    private bool _isClosed;

    /// <summary>The rank of a stream: 0 state and diagnostics, 1 pictures, 2 clouds, the largest.</summary>
    public static int RankOf(string stream, bool isState) => isState || stream == Streams.Diagnostics ? 0 : stream == Streams.Cloud ? 2 : 1;

    /// <summary>Adds a message; returns the one that had to go for it, perhaps itself, or null.</summary>
    public FoxgloveClient.Outgoing? Add(FoxgloveClient.Outgoing message, int rank)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return message;
            }

            FoxgloveClient.Outgoing? gone = null;
            if (_count == capacity)
            {
                int least = Array.FindLastIndex(_byRank, q => q.Count > 0);
                if (least < rank)
                {
                    return message;
                }

                gone = _byRank[least].Dequeue();
                _count--;
            }

            _byRank[rank].Enqueue(message);
            _count++;
            if (gone is null)
            {
                _waiting.Release();
            }

            return gone;
        }
    }

    /// <summary>Waits for a message and takes the one that matters most.</summary>
    public async ValueTask<FoxgloveClient.Outgoing> TakeAsync(CancellationToken cancellationToken)
    {
        await _waiting.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            _count--;
            return Array.Find(_byRank, q => q.Count > 0)!.Dequeue();
        }
    }

    /// <summary>Takes no more and gives everything back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (Queue<FoxgloveClient.Outgoing> queue in _byRank)
            {
                while (queue.TryDequeue(out FoxgloveClient.Outgoing left))
                {
                    left.Return();
                }
            }
        }

        _waiting.Dispose();
    }
}
