namespace VisionBanana.Edge.Recording;

/// <summary>A part of the file that holds messages: a chunk, or a run of records outside of chunks.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">Its bytes in the file.</param>
/// <param name="IsChunk">False for records outside of chunks.</param>
/// <param name="StartNs">Log time of its earliest message.</param>
/// <param name="EndNs">Log time of its latest message.</param>
/// <param name="Channels">The channels that have messages in it; null = not told.</param>
/// <param name="IndexLength">Bytes of message indexes behind a chunk, as the summary says.</param>
internal sealed record Segment(long Offset, long Length, bool IsChunk, long StartNs, long EndNs, IReadOnlyList<ushort>? Channels, long IndexLength = 0);
