namespace VisionBanana.Edge.Recording;

/// <summary>How a recording is opened.</summary>
public sealed record McapReaderOptions
{
    /// <summary>
    /// Leaves damaged chunks out and tells of them in <see cref="RecordingReader.Recovery"/>; otherwise reading ends at the first with an
    /// error.
    /// </summary>
    public bool SkipDamagedChunks { get; init; }

    /// <summary>A chunk, attachment or record that claims to be larger is refused before memory is taken for it. Default 128 MiB.</summary>
    public int MaxRecordBytes { get; init; } = 128 << 20;

    /// <summary>
    /// The memory that one reading may hold. Chunks that overlap in time are in memory together; those that do not fit are put aside and
    /// read again when their time comes. Default 256 MiB.
    /// </summary>
    public int MemoryBudgetBytes { get; init; } = 256 << 20;

    /// <summary>
    /// The check value over all data of a file up to this size is checked when it is opened; in a larger file it is checked once records
    /// are met that no check value of their own covers. Default 64 MiB.
    /// </summary>
    public long CheckDataUpToBytes { get; init; } = 64 << 20;
}
