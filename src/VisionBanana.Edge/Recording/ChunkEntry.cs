namespace VisionBanana.Edge.Recording;

/// <summary>What the index at the end of a file says about a chunk; the offsets of its message indexes are kept beside it.</summary>
internal readonly record struct ChunkEntry(
    long StartNs, long EndNs, long Offset, long Length, long IndexLength,
    McapCompression Compression, long StoredSize, long Size, int IndexCount, int FirstIndex = 0);
