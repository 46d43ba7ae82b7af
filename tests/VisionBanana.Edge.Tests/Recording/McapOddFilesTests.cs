using System.IO.Hashing;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Tests.Recording;

/// <summary>Files that other writers leave, legal or almost: nothing in them is lost, and what makes no sense is told.</summary>
public sealed class McapOddFilesTests
{
    private static readonly McapReaderOptions Lenient = new() { SkipDamagedChunks = true };

    [Theory]
    [InlineData("channels-only-in-chunks.mcap", 4)]
    [InlineData("messages-outside-chunks-lost.mcap", 13)]
    [InlineData("chunk-without-index-lost.mcap", 20)]
    [InlineData("image-before-camera-info.mcap", 8)]
    public void ReadMessages_FilesFromTheField_GiveAll(string name, int messages)
    {
        using McapReader reader = McapReader.Open(Nearby.SharedData($"field/{name}"));
        Assert.NotEmpty(reader.Channels);
        List<Recordings.Entry> read = Recordings.Read(reader);
        Assert.Equal(messages, read.Count);
        Assert.Equal(read.OrderBy(m => m.LogTimeNs), read);
        Assert.True(reader.Recovery.IsComplete, reader.Recovery.ToString());
    }

    [Fact]
    public void ReadMessages_OneImpossibleTime_CostsThatMessageAlone()
    {
        byte[] file = Patched((bytes, messages) => bytes.AsSpan(messages[1] + 9 + 6, 8).Fill(0xFF));
        using McapReader reader = McapReader.Open(file, Lenient);
        Assert.Equal([0u, 2u, 3u], reader.ReadMessages().Select(m => m.Sequence));
        Assert.Contains("log time", Assert.Single(reader.Recovery.Damages).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadMessages_ImpossiblePublishTime_IsTheLogTime()
    {
        byte[] file = Patched((bytes, messages) => bytes.AsSpan(messages[1] + 9 + 14, 8).Fill(0xFF));
        using McapReader reader = McapReader.Open(file);
        Assert.Equal([(10, 11), (20, 20), (30, 31), (40, 41)], reader.ReadMessages().Select(m => (m.LogTimeNs, m.PublishTimeNs)));
    }

    [Fact]
    public void ReadMessages_MessageOfAnUndeclaredChannel_CostsThatMessageAlone()
    {
        byte[] file = Patched((bytes, messages) => bytes[messages[2] + 9] = 77);
        using McapReader reader = McapReader.Open(file, Lenient);
        Assert.Equal([0u, 1u, 3u], reader.ReadMessages().Select(m => m.Sequence));
        Assert.Contains("channel 77", Assert.Single(reader.Recovery.Damages).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "declared twice", 4)]
    [InlineData(4, "different topics", 2)]
    public void ReadMessages_SchemaOrChannelDeclaredTwiceDifferently_TheFirstHolds(byte opcode, string reason, int read)
    {
        byte[] second = opcode == 3
            ? [1, 0, .. Text("test/msg/Bytes"), .. Text("ros2msg"), .. Text("uint8[] other")]
            : [1, 0, 1, 0, .. Text("/elsewhere"), .. Text("cdr"), 0, 0, 0, 0];
        byte[] file = Patched((_, _) => { }, insertBeforeMessage: 2, [opcode, .. BitConverter.GetBytes((long)second.Length), .. second]);
        using McapReader reader = McapReader.Open(file, Lenient);
        Assert.Equal(read, reader.ReadMessages().Count());
        Assert.All(reader.ReadMessages(), m => Assert.Equal(("/a", "test/msg/Bytes"), (m.Channel.Topic, m.Channel.Schema!.Name)));
        Assert.Contains(reason, Assert.Single(reader.Recovery.Damages).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadMessages_RecordsWithoutCheckOfTheirOwn_AreCheckedByTheDataSection()
    {
        byte[] sound = Patched((_, _) => { }, withDataCrc: true), damaged = [.. sound];
        damaged[damaged.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xAA, 0xAA, 0xAA, 0x02])] ^= 1;
        Assert.True(McapReader.Open(sound).Recovery.IsComplete);
        foreach (long limit in (long[])[0, 1 << 20])
        {
            using McapReader lenient = McapReader.Open(damaged, Lenient with { CheckDataUpToBytes = limit });
            Assert.Equal(4, lenient.ReadMessages().Count());
            Assert.Contains("damaged somewhere", Assert.Single(lenient.Recovery.Damages).Reason, StringComparison.Ordinal);
            using McapReader strict = McapReader.Open(damaged, new McapReaderOptions { CheckDataUpToBytes = limit });
            Assert.Throws<MessageFormatException>(() => strict.ReadMessages().Count());
        }
    }

    [Fact]
    public void Open_IndexThatIsWrongAboutAPlace_LosesNothing()
    {
        Recordings.Entry[] entries = Recordings.Sample(60);
        byte[] file = Recordings.Write(new McapWriterOptions { ChunkBytes = 1024 }, entries);
        BitConverter.GetBytes(17L).CopyTo(file, FindLast(file, 8) + 9 + 16);
        FixSummary(file);
        using McapReader reader = McapReader.Open(file, Lenient);
        Assert.Equal(entries, Recordings.Read(reader));
        Assert.DoesNotContain(reader.Recovery.Damages, damage => damage.Length > 0);
    }

    /// <summary>A file with one chunk of four messages on /a and no check values, changed before it is closed.</summary>
    private static byte[] Patched(Action<byte[], int[]> patch, int insertBeforeMessage = -1, byte[]? inserted = null, bool withDataCrc = false)
    {
        List<byte> records = [];
        AddRecord(records, 3, [1, 0, .. Text("test/msg/Bytes"), .. Text("ros2msg"), .. Text("uint8[] data")]);
        AddRecord(records, 4, [1, 0, 1, 0, .. Text("/a"), .. Text("cdr"), 0, 0, 0, 0]);
        int[] messages = new int[4];
        for (int i = 0; i < messages.Length; i++)
        {
            records.AddRange(i == insertBeforeMessage ? inserted! : []);
            messages[i] = records.Count;
            byte[] logTime = BitConverter.GetBytes(10L * (i + 1)), publishTime = BitConverter.GetBytes((10L * (i + 1)) + 1);
            AddRecord(records, 5, [1, 0, .. BitConverter.GetBytes(i), .. logTime, .. publishTime, 0xAA, 0xAA, 0xAA, (byte)i]);
        }

        byte[] chunk = [.. records];
        patch(chunk, messages);
        List<byte> file = [0x89, .. "MCAP0\r\n"u8];
        AddRecord(file, 1, [.. Text("ros2"), .. Text("test")]);
        byte[] length = BitConverter.GetBytes((long)chunk.Length);
        AddRecord(file, 6, [.. BitConverter.GetBytes(10L), .. BitConverter.GetBytes(40L), .. length, 0, 0, 0, 0, .. Text(""), .. length, .. chunk]);
        uint crc = withDataCrc ? Crc32.HashToUInt32(file.ToArray()) : 0;
        AddRecord(file, 15, BitConverter.GetBytes(crc));
        AddRecord(file, 2, new byte[20]);
        return [.. file, 0x89, .. "MCAP0\r\n"u8];
    }

    private static void AddRecord(List<byte> to, byte opcode, byte[] content) =>
        to.AddRange([opcode, .. BitConverter.GetBytes((long)content.Length), .. content]);

    private static byte[] Text(string text) => [.. BitConverter.GetBytes(text.Length), .. System.Text.Encoding.UTF8.GetBytes(text)];

    /// <summary>Where the last record of a type begins in the summary.</summary>
    private static int FindLast(byte[] file, byte opcode)
    {
        int found = -1;
        for (int at = (int)BitConverter.ToInt64(file, file.Length - 28); at < file.Length - 8; at += 9 + (int)BitConverter.ToInt64(file, at + 1))
        {
            found = file[at] == opcode ? at : found;
        }

        return found;
    }

    private static void FixSummary(byte[] file)
    {
        int start = (int)BitConverter.ToInt64(file, file.Length - 28);
        BitConverter.GetBytes(Crc32.HashToUInt32(file.AsSpan(start..^12))).CopyTo(file, file.Length - 12);
    }
}
