namespace VisionBanana.Edge.Recording;

/// <summary>What is known of a file once it was opened, from its summary and from walking over what the summary does not name.</summary>
internal sealed class McapContents(ChannelTable channels)
{
    public ChannelTable Channels { get; } = channels;

    public List<Segment> Segments { get; } = [];

    public List<McapAttachmentInfo> Attachments { get; } = [];

    public List<(string Name, long Offset, long Length)> Metadata { get; } = [];

    public McapStatistics? Statistics { get; set; }

    /// <summary>Where the summary begins; null when there is none.</summary>
    public long? SummaryAt { get; set; }

    /// <summary>Where the data section ends and the check value that stands there; null when it was not found or has none.</summary>
    public (long At, uint Crc)? DataEnd { get; set; }

    /// <summary>Where the readable part ends, when the file does not end as it should.</summary>
    public long? TruncatedAt { get; set; }
}
