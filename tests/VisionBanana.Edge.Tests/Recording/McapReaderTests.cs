using System.Buffers.Binary;
using FsCheck;
using FsCheck.Xunit;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Tests.Recording;

public sealed class McapReaderTests
{
    private static readonly McapReaderOptions Lenient = new() { SkipDamagedChunks = true };

    [Property(MaxTest = 150)]
    public void ReadMessages_WhatWasWritten_ComesBackByLogTime(NonNull<(byte Topic, uint Time, byte[]? Data)[]> written, byte compression, byte chunk)
    {
        Recordings.Entry[] entries = [.. written.Get.Select(
            (m, i) => new Recordings.Entry($"/t{m.Topic % 5}", (uint)i, m.Time, Convert.ToHexString(m.Data ?? [])))];
        var options = new McapWriterOptions { Compression = (McapCompression)(compression % 3), ChunkBytes = 1024 * (1 + (chunk % 3)) };
        byte[] file = Recordings.Write(options, entries);
        using McapReader reader = McapReader.Open(file);

        Assert.True(reader.Recovery.IsComplete);
        Assert.Equal(entries.OrderBy(e => e.LogTimeNs), Recordings.Read(reader));
        Assert.Equal(entries, Recordings.Read(reader, new McapReadOptions { InFileOrder = true }));
        Assert.Equal(entries.Length, reader.Statistics!.MessageCount);
        Assert.Equal(
            entries.CountBy(e => e.Topic).ToDictionary(), reader.Channels.ToDictionary(c => c.Topic, c => (int)reader.Statistics.MessagesByChannel[c.Id]));
        Assert.Equal((entries.Length == 0 ? 0 : entries.Min(e => e.LogTimeNs), entries.Length == 0 ? 0 : entries.Max(e => e.LogTimeNs)), (
            reader.Statistics.StartNs, reader.Statistics.EndNs));
    }

    [Theory]
    [InlineData(McapCompression.None)]
    [InlineData(McapCompression.Zstd)]
    [InlineData(McapCompression.Lz4)]
    public void Open_CutAtEveryByte_EveryMessageOfWholeChunksAndOnlyOurError(McapCompression compression)
    {
        Recordings.Entry[] entries = Recordings.Sample(60);
        byte[] file = Recordings.Write(new McapWriterOptions { ChunkBytes = 1024, Compression = compression }, writer =>
        {
            writer.AddAttachment(new McapAttachment("a.txt", "text/plain", "hello"u8.ToArray()));
            writer.AddMetadata("about", new Dictionary<string, string> { ["robot"] = "r2" });
            Recordings.WriteAll(writer, entries);
        });
        List<(int Start, int End, int Messages)> chunks = WholeChunks(file);
        Assert.InRange(chunks.Count, 4, 20);
        int dataEnd = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x0F, 4, 0, 0, 0, 0, 0, 0, 0]);
        for (int length = 0; length < file.Length; length++)
        {
            McapReader reader;
            try
            {
                reader = McapReader.Open(file.AsMemory(0, length));
            }
            catch (MessageFormatException) when (length < 8)
            {
                continue;
            }

            using (reader)
            {
                int expected = chunks.Where(c => c.End <= length).Select(c => c.Messages).LastOrDefault();
                Assert.Equal(entries[..expected], Recordings.Read(reader));
                McapRecovery recovery = reader.Recovery;
                Assert.False(recovery.IsComplete, $"cut at {length}");
                Assert.Equal(expected, recovery.MessageCount);
                Assert.Equal(expected == 0 ? null : entries[expected - 1].LogTimeNs, recovery.LastMessageNs);
                Assert.InRange(recovery.TruncatedAt!.Value, length >= dataEnd
                    ? dataEnd : chunks.Where(c => c.End <= length).Select(c => c.End).DefaultIfEmpty(8).Last(), length);
                Assert.Equal(length - recovery.TruncatedAt, recovery.LostBytes);
            }
        }

        Assert.Equal(entries, Recordings.Read(file));
    }

    [Theory]
    [InlineData(McapCompression.None)]
    [InlineData(McapCompression.Zstd)]
    [InlineData(McapCompression.Lz4)]
    public void ReadMessages_EveryFlippedBit_NeverAWrongMessageAndOnlyOurError(McapCompression compression)
    {
        Recordings.Entry[] entries = Recordings.Sample(24);
        byte[] file = Recordings.Write(new McapWriterOptions { ChunkBytes = 1024, Compression = compression }, entries);
        List<(int Start, int End, int Messages)> chunks = WholeChunks(file);
        int inChunks = 0, detected = 0;
        for (int i = 0; i < file.Length; i++)
        {
            byte[] damaged = [.. file];
            damaged[i] ^= (byte)(1 << (i % 8));
            try
            {
                using McapReader reader = McapReader.Open(damaged, Lenient);
                List<Recordings.Entry> read = Recordings.Read(reader);

                // The check of a chunk covers all that its messages are made of.
                Assert.Subset(entries.ToHashSet(), read.ToHashSet());
                Assert.True(read.Count == entries.Length || !reader.Recovery.IsComplete, $"byte {i}: {reader.Recovery}");
                if (chunks.Any(c => i >= c.Start && i < c.End))
                {
                    inChunks++;
                    detected += reader.Recovery.IsComplete ? 0 : 1;
                }
            }
            catch (MessageFormatException)
            {
                Assert.True(i < 17, $"byte {i}: only the begin of a file may make it unreadable");
            }
        }

        // Compressed bytes have a few bits without meaning; what they stand for is checked to the last one.
        Assert.True(
            detected >= (compression == McapCompression.None ? inChunks : inChunks * 95 / 100), $"{detected} of {inChunks} flips in chunks were noticed");
        Assert.True(inChunks > 1000 || compression != McapCompression.None);
    }

    [Property(MaxTest = 300)]
    public void Open_AnyBytesBehindTheMagic_OnlyOurError(byte[] bytes, byte opcode, byte length)
    {
        byte[] file = [.. McapMagic, 1, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, opcode, length, 0, 0, 0, 0, 0, 0, 0, .. bytes];
        try
        {
            Recordings.Read(file);
        }
        catch (MessageFormatException)
        {
            // The only one allowed.
        }
    }

    [Fact]
    public void ReadMessages_DamagedChunk_StrictEndsThereLenientGoesOnAndTells()
    {
        Recordings.Entry[] entries = Recordings.Sample(60);
        byte[] file = Recordings.Write(new McapWriterOptions { ChunkBytes = 1024, Compression = McapCompression.None }, entries);
        List<(int Start, int End, int Messages)> chunks = WholeChunks(file);
        file[chunks[1].End - 400] ^= 0x10;

        using McapReader strict = McapReader.Open(file);
        var read = new List<Recordings.Entry>();
        var error = Assert.Throws<MessageFormatException>(() => read.AddRange(strict.ReadMessages().Select(Recordings.Of)));
        Assert.Contains("CRC", error.Message, StringComparison.Ordinal);

        using McapReader lenient = McapReader.Open(file, Lenient);
        Assert.Equal([.. entries[..chunks[0].Messages], .. entries[chunks[1].Messages..]], Recordings.Read(lenient));

        // The chunk, and the check over all data, which saw it when the file was opened.
        Assert.Equal(2, lenient.Recovery.Damages.Length);
        Assert.Contains("The chunk is damaged: expected the CRC", lenient.Recovery.Damages[0].Reason, StringComparison.Ordinal);
        Assert.Contains("2 damaged parts", lenient.Recovery.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadMessages_DamagedChunkInAKilledRecording_TheOthersAreThere()
    {
        Recordings.Entry[] entries = Recordings.Sample(60);
        byte[] file = Recordings.Write(new McapWriterOptions { ChunkBytes = 1024 }, entries);
        List<(int Start, int End, int Messages)> chunks = WholeChunks(file);
        file[chunks[0].End - 400] ^= 0x10;
        using McapReader reader = McapReader.Open(file.AsMemory(0, chunks[2].End), Lenient);
        Assert.Equal(entries[chunks[0].Messages..chunks[2].Messages], Recordings.Read(reader));
        Assert.Single(reader.Recovery.Damages);
    }

    [Fact]
    public void ReadMessages_ChannelsAndTimes_OnlyThoseWanted()
    {
        Recordings.Entry[] entries = Recordings.Sample(90);
        using McapReader reader = McapReader.Open(Recordings.Write(new McapWriterOptions { ChunkBytes = 1024 }, entries));
        var options = new McapReadOptions { Channels = c => c.Topic != "/topic_1", StartNs = 10_000_000, EndNs = 50_000_000 };
        Assert.Equal(entries.Where(e => e.Topic != "/topic_1" && e.LogTimeNs is >= 10_000_000 and < 50_000_000), Recordings.Read(reader, options));
    }

    [Fact]
    public void ReadMessages_TwoReadingsAtOnce_DoNotDisturbEachOther()
    {
        Recordings.Entry[] entries = Recordings.Sample(90);
        using McapReader reader = McapReader.Open(Recordings.Write(new McapWriterOptions { ChunkBytes = 1024 }, entries));
        Assert.Equal(entries.Zip(entries), reader.ReadMessages().Select(Recordings.Of).Zip(reader.ReadMessages().Select(Recordings.Of)));
    }

    [Fact]
    public void ReadAttachment_WhatWasAttached_AndDamageIsNoticed()
    {
        byte[] data = "camera_name: front\n"u8.ToArray();
        byte[] file = Recordings.Write(new McapWriterOptions { Clock = new SteppedClock() }, writer =>
        {
            writer.AddAttachment(new McapAttachment("camera.yaml", "application/yaml", data) { CreateTimeNs = 77 });
            writer.AddMetadata("visionbanana", new Dictionary<string, string> { ["model"] = "scene-s", ["größe"] = "ü" });
        });
        using McapReader reader = McapReader.Open(file);
        McapAttachmentInfo info = Assert.Single(reader.Attachments);
        McapAttachment attachment = reader.ReadAttachment(info);
        Assert.Equal(("camera.yaml", "application/yaml", 77, 1_700_000_000_000_000_000), (
            attachment.Name, attachment.MediaType, attachment.CreateTimeNs, attachment.LogTimeNs));
        Assert.Equal(data, attachment.Data.ToArray());
        McapMetadata metadata = Assert.Single(reader.ReadMetadata());
        Assert.Equal(("visionbanana", "scene-s", "ü"), (metadata.Name, metadata.Entries["model"], metadata.Entries["größe"]));

        file[file.AsSpan().IndexOf(data) + 3] ^= 1;
        using McapReader damaged = McapReader.Open(file);
        Assert.Contains("camera.yaml", Assert.Throws<MessageFormatException>(() => damaged.ReadAttachment(info)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ZerosBehindTheLastChunk_AsAPowerCutLeavesThem_AreTheEnd()
    {
        Recordings.Entry[] entries = Recordings.Sample(60);
        byte[] file = Recordings.Write(new McapWriterOptions { ChunkBytes = 1024 }, entries);
        (_, int end, int messages) = WholeChunks(file)[1];
        using McapReader reader = McapReader.Open((byte[])[.. file[..end], .. new byte[4096]]);
        Assert.Equal(entries[..messages], Recordings.Read(reader));
        Assert.Equal((end, 4096), (reader.Recovery.TruncatedAt, reader.Recovery.LostBytes));
    }

    [Fact]
    public void Open_ChunkThatClaimsTooMuch_IsRefusedBeforeMemoryIsTaken()
    {
        byte[] file = Recordings.Write(new McapWriterOptions { Compression = McapCompression.Zstd }, Recordings.Sample(5));
        int chunk = file.AsSpan(8).IndexOf((byte)6) + 8;
        while (BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(chunk + 1)) > file.Length)
        {
            chunk += file.AsSpan(chunk + 1).IndexOf((byte)6) + 1;
        }

        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(chunk + 9 + 16), 200L << 20);
        using McapReader reader = McapReader.Open(file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MessageFormatException>(() => Recordings.Read(reader));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void Open_NoFileAndNoRecording_SayWhatTheyFound()
    {
        Assert.Contains("/no/such.mcap", Assert.Throws<RecordingException>(() => McapReader.Open("/no/such.mcap")).Message, StringComparison.Ordinal);
        Assert.Contains("89504E470D0A1A0A", Assert.Throws<MessageFormatException>(
            () => McapReader.Open((byte[])[0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10])).Message, StringComparison.Ordinal);
        Assert.Throws<MessageFormatException>(() => McapReader.Open(ReadOnlyMemory<byte>.Empty));
    }

    private static readonly byte[] McapMagic = [0x89, 0x4D, 0x43, 0x41, 0x50, 0x30, 13, 10];

    /// <summary>Where the records of each chunk begin and end, and how many messages there are up to it: read by the specification.</summary>
    private static List<(int Start, int End, int Messages)> WholeChunks(byte[] file)
    {
        var chunks = new List<(int Start, int End, int Messages)>();
        int messages = 0;
        for (int at = 8; file[at] != 0x0F;)
        {
            int content = at + 9, end = content + (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at + 1));
            if (file[at] == 6)
            {
                int compression = content + 28;
                chunks.Add((compression + 4 + file[compression] + 8, end, 0));
            }
            else if (file[at] == 7)
            {
                messages += (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(content + 2)) / 16;
                chunks[^1] = chunks[^1] with { Messages = messages };
            }

            at = end;
        }

        return chunks;
    }
}
