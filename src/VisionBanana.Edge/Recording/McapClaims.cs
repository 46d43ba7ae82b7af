namespace VisionBanana.Edge.Recording;

/// <summary>Where the summary says that chunks, attachments and metadata begin; each claim is taken once, by the record that is really there.</summary>
internal sealed class McapClaims
{
    private readonly Dictionary<long, Segment> _chunks = [];
    private readonly Dictionary<long, McapAttachmentInfo> _attachments = [];
    private readonly Dictionary<long, (string Name, long Offset, long Length)> _metadata = [];
    private readonly HashSet<long> _all = [];
    private readonly long[] _sorted;
    private readonly (int Chunks, int Attachments, int Metadata) _claimed;

    public McapClaims(McapContents? summary)
    {
        foreach (Segment segment in summary?.Segments ?? [])
        {
            _chunks.TryAdd(segment.Offset, segment);
        }

        foreach (McapAttachmentInfo attachment in summary?.Attachments ?? [])
        {
            _attachments.TryAdd(attachment.Offset, attachment);
        }

        foreach ((string Name, long Offset, long Length) metadata in summary?.Metadata ?? [])
        {
            _metadata.TryAdd(metadata.Offset, metadata);
        }

        _claimed = (_chunks.Count, _attachments.Count, _metadata.Count);
        _all.UnionWith(_chunks.Keys.Concat(_attachments.Keys).Concat(_metadata.Keys));
        _sorted = [.. _all.Order()];
    }

    /// <summary>
    /// Claims that no record was found for, when there are fewer records than claims: an index that is only wrong about places loses nothing.
    /// </summary>
    public IEnumerable<(long At, string What)> Untaken(int chunks, int attachments, int metadata) =>
        Missing(_chunks.Keys, _claimed.Chunks - chunks, "chunk")
            .Concat(Missing(_attachments.Keys, _claimed.Attachments - attachments, "attachment"))
            .Concat(Missing(_metadata.Keys, _claimed.Metadata - metadata, "metadata record"));

    public bool IsClaimed(long position) => _all.Contains(position);

    /// <summary>The first claim behind a position.</summary>
    public long? NextBehind(long position)
    {
        int index = Array.BinarySearch(_sorted, position + 1);
        index = index < 0 ? ~index : index;
        return index < _sorted.Length ? _sorted[index] : null;
    }

    public Segment? TakeChunk(long position, long length) => _chunks.Remove(position, out Segment? chunk) && chunk.Length == length ? chunk : null;

    public McapAttachmentInfo? TakeAttachment(long position, long length) =>
        _attachments.Remove(position, out McapAttachmentInfo? attachment) && attachment.Length == length ? attachment : null;

    public (string Name, long Offset, long Length)? TakeMetadata(long position, long length) =>
        _metadata.Remove(position, out (string Name, long Offset, long Length) metadata) && metadata.Length == length ? metadata : null;

    private static IEnumerable<(long At, string What)> Missing(IEnumerable<long> places, int count, string what) =>
        count > 0 ? places.Select(at => (at, what)) : [];
}
