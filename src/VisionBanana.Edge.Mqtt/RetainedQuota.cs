namespace VisionBanana.Edge.Mqtt;

/// <summary>How much is retained, so that clients cannot fill the memory with it. The pipeline's own state is counted and always taken.</summary>
internal sealed class RetainedQuota(EmbeddedBrokerLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Notes a message that is to be retained; false when there is no room for it. An empty one clears its topic.</summary>
    public bool TryNote(string topic, long payload, bool isOwn)
    {
        lock (_gate)
        {
            long before = _sizes.GetValueOrDefault(topic);
            if (payload == 0)
            {
                _bytes -= before;
                _sizes.Remove(topic);
                return true;
            }

            long size = payload + topic.Length;
            if (!isOwn && (_bytes - before + size > limits.MaxRetainedBytes || (before == 0 && _sizes.Count >= limits.MaxRetainedMessages)))
            {
                return false;
            }

            _bytes += size - before;
            _sizes[topic] = size;
            return true;
        }
    }
}
