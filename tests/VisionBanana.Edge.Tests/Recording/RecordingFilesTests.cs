using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Recording;
using ZstdSharp;

namespace VisionBanana.Edge.Tests.Recording;

public sealed class RecordingFilesTests : IDisposable
{
    private static readonly McapReaderOptions Lenient = new() { SkipDamagedChunks = true };

    private readonly string _folder = Directory.CreateTempSubdirectory("vbedge-bag-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_BagWithSplits_IsOneRecordingInOrder()
    {
        Recordings.Entry[] entries = Recordings.Sample(90);
        Split("bag_0.mcap", entries[..30]);
        Split("bag_1.mcap", entries[30..60]);
        Split("bag_2.mcap", entries[60..]);

        // Old versions name the folder, too.
        WriteMetadata("bag_2.mcap", "old/bag_0.mcap", "bag_1.mcap");
        Assert.True(RecordingFiles.IsRecording(_folder));
        using RecordingReader bag = RecordingFiles.Open(_folder);
        Assert.Equal(entries, bag.ReadMessages().Select(Recordings.Of));
        Assert.Equal(3, bag.Channels.Count);
        Assert.Equal((90, 1_000_000, 90_000_000), (bag.Statistics!.MessageCount, bag.Statistics.StartNs, bag.Statistics.EndNs));
        Assert.Equal([30, 30, 30], bag.Channels.Select(c => bag.Statistics.MessagesByChannel[c.Id]));
        Assert.True(bag.Recovery.IsComplete);
        Assert.Equal(
            entries.Where(e => e.Topic == "/topic_1" && e.LogTimeNs >= 50_000_000),
            bag.ReadMessages(new McapReadOptions { Channels = c => c.Topic == "/topic_1", StartNs = 50_000_000 }).Select(Recordings.Of));
    }

    [Fact]
    public void Open_SplitsWhoseTimesOverlap_ComeByLogTime()
    {
        Recordings.Entry[] entries = Recordings.Sample(60);
        Split("bag_0.mcap", entries.Where((_, i) => i % 2 == 0));
        Split("bag_1.mcap", entries.Where((_, i) => i % 2 == 1));
        WriteMetadata("bag_0.mcap", "bag_1.mcap");
        using RecordingReader bag = RecordingFiles.Open(_folder);
        Assert.Equal(entries, bag.ReadMessages().Select(Recordings.Of));
    }

    [Fact]
    public void Open_BagWithoutMetadata_IsReadByTheNamesOfItsFiles()
    {
        Recordings.Entry[] entries = Recordings.Sample(33);
        for (int i = 0; i < 11; i++)
        {
            Split($"bag_{i}.mcap", entries[(3 * i)..(3 * (i + 1))]);
        }

        using RecordingReader bag = RecordingFiles.Open(_folder);
        Assert.Equal(entries, bag.ReadMessages(new McapReadOptions { InFileOrder = true }).Select(Recordings.Of));
    }

    [Fact]
    public void Open_SplitThatIsMissingOrDamaged_IsToldAndTheOthersAreRead()
    {
        Recordings.Entry[] entries = Recordings.Sample(30);
        Split("bag_0.mcap", entries);
        File.WriteAllText(Path.Combine(_folder, "bag_1.mcap"), "no recording");
        WriteMetadata("bag_0.mcap", "bag_1.mcap", "bag_2.mcap");
        using RecordingReader bag = RecordingFiles.Open(_folder, Lenient);
        Assert.Equal(entries, bag.ReadMessages().Select(Recordings.Of));
        Assert.Equal(["bag_1.mcap", "bag_2.mcap"], bag.Recovery.Damages.Select(d => d.Reason[..10]));
        Assert.ThrowsAny<VisionBananaException>(() => RecordingFiles.Open(_folder));
    }

    [Fact]
    public void Open_FileInAZstandardFrame_IsReadAndNothingStaysBehind()
    {
        Recordings.Entry[] entries = Recordings.Sample(3000, bytes: 300);
        byte[] file = Recordings.Write(new McapWriterOptions(), entries);
        using var compressor = new Compressor(3);
        byte[] packed = compressor.Wrap(file).ToArray();
        string path = Path.Combine(_folder, "bag_0.mcap.zstd");
        File.WriteAllBytes(path, packed);
        WriteMetadata("bag_0.mcap.zstd");
        int before = Directory.GetFiles(Path.GetTempPath(), "vbedge-*").Length;
        using (RecordingReader bag = RecordingFiles.Open(_folder))
        {
            Assert.Equal(entries, bag.ReadMessages().Select(Recordings.Of));
        }

        // Cut off, as a full disk leaves it.
        File.WriteAllBytes(path, packed[..(packed.Length / 2)]);
        using (RecordingReader cut = RecordingFiles.Open(path, Lenient))
        {
            Assert.False(cut.Recovery.IsComplete);
        }

        File.WriteAllBytes(path, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        Assert.ThrowsAny<VisionBananaException>(() => RecordingFiles.Open(path));
        Assert.True(Directory.GetFiles(Path.GetTempPath(), "vbedge-*").Length <= before + 2);
    }

    [Fact]
    public void Open_MessagesCompressedOneByOne_ArePlayed()
    {
        byte[] picture = RosMessage.Encode(new Image(new Header(new Time(1, 0), "c"), 40, 60, "rgb8", false, 180, new byte[7200]));
        using var compressor = new Compressor(3);
        byte[] packed = compressor.Wrap(picture).ToArray();
        byte[] bomb = compressor.Wrap(new byte[3 << 20]).ToArray();
        Assert.True(packed.Length < picture.Length);
        byte[] file = Recordings.Write(new McapWriterOptions(), writer =>
        {
            byte[][] payloads = [packed, packed[..^4], bomb, packed];
            foreach ((int i, byte[] payload) in payloads.Index())
            {
                writer.Write(new WireMessage { Stream = "", Schema = Image.Schema, SequenceNumber = i, Payload = payload }, "/cam/image_raw", i + 1);
            }
        });
        File.WriteAllBytes(Path.Combine(_folder, "bag_0.mcap"), file);
        using RecordingReader bag = RecordingFiles.Open(_folder, Lenient with { MaxRecordBytes = 1 << 20 });
        Assert.Equal([0u, 3u], bag.ReadMessages().Select(m =>
        {
            Assert.True(m.Data.Span.SequenceEqual(picture));
            return m.Sequence;
        }));
        Assert.Equal(2, bag.Recovery.Damages.Length);
    }

    [Fact]
    public void Open_FormThatNothingReads_SaysWhatToDo()
    {
        string path = Path.Combine(_folder, "bag_0.db3");
        File.WriteAllBytes(path, "SQLite format 3"u8.ToArray());
        Assert.True(RecordingFiles.IsRecording(path));
        Assert.Contains("ros2 bag convert", Assert.Throws<RecordingException>(() => RecordingFiles.Open(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.mcap", true)]
    [InlineData("a.MCAP.ZSTD", true)]
    [InlineData("a.db3", true)]
    [InlineData("a.mp4", false)]
    [InlineData("a.zstd", false)]
    [InlineData("/dev/video0", false)]
    [InlineData("rtsp://camera/stream", false)]
    public void IsRecording_ByTheEnding(string path, bool expected) => Assert.Equal(expected, RecordingFiles.IsRecording(path));

    [Fact]
    public void IsRecording_FolderOfPictures_IsNone()
    {
        File.WriteAllText(Path.Combine(_folder, "metadata.yaml"), "pictures: 3\n");
        File.WriteAllText(Path.Combine(_folder, "a.png"), "");
        Assert.False(RecordingFiles.IsRecording(_folder));
    }

    private void Split(string name, IEnumerable<Recordings.Entry> entries) =>
        File.WriteAllBytes(Path.Combine(_folder, name), Recordings.Write(new McapWriterOptions { ChunkBytes = 1024 }, entries));

    private void WriteMetadata(params string[] files) => File.WriteAllText(Path.Combine(_folder, "metadata.yaml"), $"""
        rosbag2_bagfile_information:
          version: 5
          storage_identifier: mcap
          relative_file_paths:
            - {string.Join("\n    - ", files)}
          duration:
            nanoseconds: 89000000
          message_count: 90
          compression_format: ""
          compression_mode: ""
        """);
}
