namespace VisionBanana.Edge.Recording;

/// <summary>What is known of a file once it was opened, from its summary or from reading through it.</summary>
internal sealed class McapContents
{
    public string Profile { get; set; } = "";

    public string Library { get; set; } = "";

    public ChannelTable Channels { get; } = new();

    public List<Segment> Segments { get; } = [];

    public List<McapAttachmentInfo> Attachments { get; } = [];

    public List<(string Name, long Offset, long Length)> Metadata { get; } = [];

    public McapStatistics? Statistics { get; set; }

    public List<McapDamage> Damages { get; } = [];

    /// <summary>Where the readable part ends, when the file does not end as it should.</summary>
    public long? TruncatedAt { get; set; }
}
