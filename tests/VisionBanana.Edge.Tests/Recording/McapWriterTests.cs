using System.IO.Hashing;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Recording;
using VisionBanana.Edge.Tests.Messages.Ros;

namespace VisionBanana.Edge.Tests.Recording;

public sealed class McapWriterTests
{
    [Fact]
    public void Create_File_IsForOwnerAndGroupAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "files have no modes");
        string folder = Directory.CreateTempSubdirectory("vbedge-mode-").FullName, path = Path.Combine(folder, "a.mcap");
        McapWriter.Create(path).Dispose();
        Assert.Equal(UnixFileMode.None, ModeOf(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(path) & (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Write_Warm_AllocatesNothingPerMessage()
    {
        using var writer = new McapWriter(Stream.Null, new McapWriterOptions { ChunkBytes = 1 << 18 });
        var message = new WireMessage { Stream = "depth", Schema = "sensor_msgs/msg/Image", Payload = new byte[5000] };
        void WriteMany()
        {
            for (int i = 0; i < 45; i++)
            {
                message.SequenceNumber = i;
                writer.Write(message, "/depth", 1_000 + i);
            }
        }

        for (int i = 0; i < 20; i++)
        {
            WriteMany();
        }

        // Messages allocate nothing; the index of chunks, which is written at the end, doubles now and then.
        long[] allocated = [.. Enumerable.Range(0, 20).Select(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            WriteMany();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        })];
        Assert.Equal(0, allocated.Order().ElementAt(10));
        Assert.True(allocated.Sum() < 20 * 45 * 20, $"{allocated.Sum()} bytes for 900 messages");
    }

    [Fact]
    public void Create_FileExists_RefusedUnlessOverwriteIsAllowed()
    {
        using var file = new Recordings.TemporaryFile();
        File.WriteAllText(file.Path, "precious");
        Assert.Contains("exists already", Assert.Throws<RecordingException>(() => McapWriter.Create(file.Path)).Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(file.Path));
        McapWriter.Create(file.Path, new McapWriterOptions { Overwrite = true }).Dispose();
        Assert.Empty(Recordings.Read(File.ReadAllBytes(file.Path)));
    }

    [Fact]
    public void Create_NoSuchFolder_SaysWhichFileAndWhy() =>
        Assert.Contains(
            "/no/such/folder/x.mcap", Assert.Throws<RecordingException>(() => McapWriter.Create("/no/such/folder/x.mcap")).Message, StringComparison.Ordinal);

    [Fact]
    public void Write_TypeWithoutDefinition_IsRefusedWithTheKnownOnes()
    {
        using var writer = new McapWriter(new MemoryStream());
        var message = new WireMessage { Stream = "x", Schema = "foo_msgs/msg/Bar" };
        Assert.Contains("sensor_msgs/msg/Image", Assert.Throws<ConfigurationException>(() => writer.Write(message, "/x", 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_State_IsLatchedForRosbag2AndStreamsAreNot()
    {
        byte[] file = Recordings.Write(new McapWriterOptions(), writer =>
        {
            var mounts = new WireMessage
            {
                Stream = "tf_static",
                Schema = "tf2_msgs/msg/TFMessage",
                IsState = true,
                Payload = Samples.Encoded["tf2_msgs/msg/TFMessage"],
            };
            writer.Write(mounts, "/tf_static", 1);
            writer.Write(
                new WireMessage { Stream = "depth", Schema = "sensor_msgs/msg/Image", Payload = Samples.Encoded["sensor_msgs/msg/Image"] }, "/depth", 1);
        });
        using McapReader reader = McapReader.Open(file);
        string latched = reader.Channels[0].Metadata["offered_qos_profiles"];

        // The numbers of rmw's enumerations, which rosbag2 reads by these keys.
        Assert.StartsWith("- history: 1\n  depth: 1\n  reliability: 1\n  durability: 1\n  deadline:\n    sec: 9223372036\n    nsec: "
            + "854775807\n", latched, StringComparison.Ordinal);
        foreach (string key in (string[])["lifespan", "liveliness", "liveliness_lease_duration", "avoid_ros_namespace_conventions"])
        {
            Assert.Contains($"\n  {key}:", latched, StringComparison.Ordinal);
        }

        Assert.Equal("", reader.Channels[1].Metadata["offered_qos_profiles"]);
    }

    [Fact]
    public void Write_AnotherTypeOnATopic_IsRefused()
    {
        using var writer = new McapWriter(new MemoryStream());
        writer.Write(new WireMessage { Stream = "x", Schema = "sensor_msgs/msg/Image", Payload = Samples.Encoded["sensor_msgs/msg/Image"] }, "/x", 1);
        Assert.Throws<ConfigurationException>(() => writer.Write(new WireMessage { Stream = "x", Schema = "sensor_msgs/msg/PointCloud2" }, "/x", 2));
    }

    [Fact]
    public void Write_OldChunk_GoesToTheFileWithoutFurtherMessages()
    {
        var clock = new SteppedClock();
        var stream = new MemoryStream();
        using var writer = new McapWriter(stream, new McapWriterOptions { Clock = clock, ChunkAge = TimeSpan.FromSeconds(2) });
        Recordings.WriteAll(writer, Recordings.Sample(3));
        Assert.Empty(Recordings.Read(stream.ToArray()));

        clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Empty(Recordings.Read(stream.ToArray()));

        clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(Recordings.Sample(3), Recordings.Read(stream.ToArray()));
    }

    [Fact]
    public void Write_ReadWhileItIsWritten_EverythingUpToTheLastChunk()
    {
        using var file = new Recordings.TemporaryFile();
        using var writer = McapWriter.Create(file.Path);
        Recordings.WriteAll(writer, Recordings.Sample(10));
        writer.Flush();
        using McapReader reader = McapReader.Open(file.Path);
        Assert.Equal(Recordings.Sample(10), Recordings.Read(reader));
        Assert.Equal((false, 10), (reader.Recovery.IsComplete, reader.Recovery.MessageCount));
    }

    [Fact]
    public void Write_DiskRefusesForAWhile_NothingThatWasTakenIsLost()
    {
        var stream = new FailingStream();
        var taken = new List<Recordings.Entry>();
        using (var writer = new McapWriter(stream, new McapWriterOptions { ChunkBytes = 1024, Compression = McapCompression.None }, leaveOpen: true))
        {
            McapSchema schema = writer.AddSchema("test/msg/Bytes", "ros2msg", "uint8[] data"u8);
            McapChannel channel = writer.AddChannel("/topic_0", "cdr", schema);
            int refused = 0;
            foreach (Recordings.Entry entry in Recordings.Sample(200).Where(e => e.Topic == "/topic_0"))
            {
                stream.Fails = entry.Sequence is > 60 and < 120;
                try
                {
                    writer.Write(channel, entry.Sequence, entry.LogTimeNs, entry.LogTimeNs, Convert.FromHexString(entry.Data));
                    taken.Add(entry);
                }
                catch (RecordingException error)
                {
                    Assert.Contains("disk full", error.Message, StringComparison.Ordinal);
                    refused++;
                }
            }

            Assert.InRange(refused, 1, 25);
        }

        using McapReader reader = McapReader.Open(stream.ToArray());
        Assert.True(reader.Recovery.IsComplete, reader.Recovery.ToString());
        Assert.Equal(taken, Recordings.Read(reader));
    }

    [Fact]
    public void Write_OneMessageLargerThanAChunk_IsReadBack()
    {
        byte[] large = new byte[5 << 20];
        new Random(1).NextBytes(large);
        byte[] file = Recordings.Write(
            new McapWriterOptions { ChunkBytes = 1024 }, [new("/a", 1, 10, "00"), new("/a", 2, 20, Convert.ToHexString(large)), new("/a", 3, 30, "01")]);
        using McapReader reader = McapReader.Open(file);
        Assert.Equal([1, large.Length, 1], reader.ReadMessages().Select(m => m.Data.Length));
        Assert.Equal(2, reader.Statistics!.ChunkCount);
    }

    [Fact]
    public void Dispose_TheSecondTime_DoesNothingAndWritingIsRefused()
    {
        var writer = new McapWriter(new MemoryStream());
        writer.Dispose();
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.AddSchema("a", "", []));
    }

    [Fact]
    public void Dispose_DataEnd_HasTheCrcOfEverythingBeforeIt()
    {
        byte[] file = Recordings.Write(new McapWriterOptions { ChunkBytes = 1024 }, Recordings.Sample(100));
        int dataEnd = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x0F, 4, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(Crc32.HashToUInt32(file.AsSpan(0, dataEnd)), BitConverter.ToUInt32(file, dataEnd + 9));
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(1 << 20, 0)]
    [InlineData(1 << 20, 20)]
    public void Create_OptionOutOfRange_IsRefused(int chunkBytes, int level) =>
        Assert.Throws<ConfigurationException>(() => new McapWriter(new MemoryStream(), new McapWriterOptions { ChunkBytes = chunkBytes, ZstdLevel = level }));

    /// <summary>A disk that is full when told so: it takes half of a write before it refuses.</summary>
    private sealed class FailingStream : MemoryStream
    {
        public bool Fails { get; set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Fails)
            {
                base.Write(buffer[..(buffer.Length / 2)]);
                throw new IOException("disk full");
            }

            base.Write(buffer);
        }
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);
}
