namespace VisionBanana.Edge.Recording;

/// <summary>How a recording is opened.</summary>
public sealed record McapReaderOptions
{
    /// <summary>Leaves damaged chunks out and tells of them in <see cref="McapReader.Recovery"/>; otherwise reading ends at the first with an error.</summary>
    public bool SkipDamagedChunks { get; init; }

    /// <summary>A chunk, attachment or record that claims to be larger is refused before memory is taken for it.</summary>
    public int MaxRecordBytes { get; init; } = 256 << 20;
}
