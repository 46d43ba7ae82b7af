namespace VisionBanana.Edge.Mqtt;

/// <summary>Bytes of large packets on their way in, over all connections: a claim is paid for before the memory is taken.</summary>
internal sealed class IncomingBudget(long limit)
{
    private long _taken;

    /// <summary>Takes bytes; false when there are not so many left.</summary>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= limit)
        {
            return true;
        }

        GiveBack(bytes);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void GiveBack(int bytes) => Interlocked.Add(ref _taken, -bytes);
}
