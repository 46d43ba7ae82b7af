using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Tests.Recording;

public sealed class McapBoundsTests
{
    private static readonly McapReaderOptions Lenient = new() { SkipDamagedChunks = true };

    // A slow machine does not end chunks early.
    private static readonly TimeSpan Unaged = TimeSpan.FromHours(1);

    [Fact]
    public void ReadMessages_22KilobytesThatClaimAQuarterGigabyte_AreToldAndCostNothing()
    {
        byte[] file = File.ReadAllBytes(Nearby.SharedData("field/22kB-takes-2GB.mcap"));
        long before = GC.GetAllocatedBytesForCurrentThread();
        using McapReader reader = McapReader.Open(file, Lenient);
        Assert.Empty(Recordings.Read(reader));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 16 << 20);
        Assert.Contains("MaxRecordBytes", Assert.Single(reader.Recovery.Damages).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadMessages_MoreMessagesThanTheBudgetHolds_AreToldAndCostNoMore()
    {
        // 31 bytes of file each, compressed to nothing, but more in memory.
        byte[] file = Recordings.Write(
            new McapWriterOptions { ChunkBytes = 1 << 26, ChunkAge = Unaged }, Enumerable.Repeat(new Recordings.Entry("/a", 1, 5, ""), 400_000));
        const int Budget = 24 << 20;
        var options = Lenient with { MemoryBudgetBytes = Budget };
        long before = GC.GetAllocatedBytesForCurrentThread();
        using McapReader reader = McapReader.Open(file, options);
        Assert.Empty(Recordings.Read(reader));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < Budget * 3);
        Assert.Contains("MemoryBudgetBytes", Assert.Single(reader.Recovery.Damages).Reason, StringComparison.Ordinal);
        Assert.Contains("MemoryBudgetBytes", Assert.Throws<MessageFormatException>(
            () => Recordings.Read(file, options with { SkipDamagedChunks = false })).Message, StringComparison.Ordinal);
        Assert.Equal(400_000, Recordings.Read(file).Count);
    }

    [Theory]
    [InlineData(McapCompression.None)]
    [InlineData(McapCompression.Zstd)]
    public void ReadMessages_OverlappingChunksBeyondTheBudget_ComeInOrderAllTheSame(McapCompression compression)
    {
        Recordings.Entry[] entries = Interleaved(chunks: 20, perChunk: 6, bytes: 20_000);
        byte[] file = Recordings.Write(new McapWriterOptions { ChunkBytes = 115_000, Compression = compression, ChunkAge = Unaged }, entries);
        using McapReader whole = McapReader.Open(file);
        Assert.Equal(20, whole.Statistics!.ChunkCount);
        var options = new McapReaderOptions { MemoryBudgetBytes = 1 << 20 };
        Assert.Equal(entries.OrderBy(e => e.LogTimeNs), Recordings.Read(file, options));
    }

    [Fact]
    public void ReadMessages_OverlapThatWouldBeReadAgainForEver_IsToldAndEnds()
    {
        Recordings.Entry[] entries = Interleaved(chunks: 30, perChunk: 200, bytes: 200);
        byte[] file = Recordings.Write(new McapWriterOptions { ChunkBytes = 46_000, ChunkAge = Unaged }, entries);
        var options = Lenient with { MemoryBudgetBytes = 400_000 };
        using McapReader reader = McapReader.Open(file, options);
        List<Recordings.Entry> read = Recordings.Read(reader);
        Assert.Equal(read.OrderBy(e => e.LogTimeNs), read);
        Assert.InRange(read.Count, 100, entries.Length - 1);
        Assert.Contains(reader.Recovery.Damages, damage => damage.Reason.Contains("overlap in time", StringComparison.Ordinal));
        Assert.Equal(entries, Recordings.Read(reader, new McapReadOptions { InFileOrder = true }));
    }

    [Fact]
    public void Open_SchemasWithoutEnd_AreBounded()
    {
        byte[] file = Recordings.Write(new McapWriterOptions(), writer =>
        {
            byte[] definition = new byte[100_000];
            for (int i = 0; i < 200; i++)
            {
                McapChannel channel = writer.AddChannel($"/t{i}", "cdr", writer.AddSchema($"a/msg/T{i}", "ros2msg", definition));
                writer.Write(channel, 0, i, i, []);
            }
        });
        Assert.True(file.Length < 1 << 25);
        using McapReader reader = McapReader.Open(file, Lenient with { MemoryBudgetBytes = 8 << 20 });
        Assert.False(reader.Recovery.IsComplete);
        Assert.InRange(reader.Schemas.Count, 1, 30);
    }

    [Fact]
    public void ReadMessages_MillionsOfMessagesThatMakeNoSense_TakeNoTime()
    {
        // No channel was ever declared.
        byte[] record = [5, 22, 0, 0, 0, 0, 0, 0, 0, 9, 0, .. new byte[20]];
        byte[] records = new byte[record.Length * 500_000];
        for (int i = 0; i < records.Length; i += record.Length)
        {
            record.CopyTo(records, i);
        }

        byte[] length = BitConverter.GetBytes((long)records.Length);
        byte[] chunk = [.. new byte[16], .. length, .. new byte[4], .. new byte[4], .. length, .. records];
        byte[] file = [0x89, .. "MCAP0\r\n"u8, 1, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, .. BitConverter.GetBytes((long)chunk.Length), .. chunk];
        using McapReader reader = McapReader.Open(file, Lenient);
        Assert.Empty(Recordings.Read(reader));
        Assert.Contains("500000 records left out", Assert.Single(reader.Recovery.Damages).Reason, StringComparison.Ordinal);
    }

    /// <summary>Messages in chunks that all span the same time.</summary>
    private static Recordings.Entry[] Interleaved(int chunks, int perChunk, int bytes)
    {
        var random = new Random(3);
        byte[] data = new byte[bytes];
        return [.. Enumerable.Range(0, chunks * perChunk).Select(i =>
        {
            random.NextBytes(data);
            return new Recordings.Entry("/a", (uint)i, ((i % perChunk) * chunks) + (i / perChunk), Convert.ToHexString(data));
        })];
    }
}
