using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Recording;

/// <summary>A channel as its writer knows it: its record, and where its messages lie in the open chunk.</summary>
internal sealed class ChannelState(McapChannel channel, byte[] record)
{
    private readonly List<(long LogTime, long Offset)> _index = [];

    public McapChannel Channel { get; } = channel;

    /// <summary>The schema record, if any, and the channel record.</summary>
    public byte[] Record { get; } = record;

    public long MessageCount { get; private set; }

    public ReadOnlySpan<(long LogTime, long Offset)> Index => CollectionsMarshal.AsSpan(_index);

    public bool IsInChunk => _index.Count > 0;

    public void Add(long logTimeNs, int offset)
    {
        _index.Add((logTimeNs, offset));
        MessageCount++;
    }

    public void ChunkWritten() => _index.Clear();
}
