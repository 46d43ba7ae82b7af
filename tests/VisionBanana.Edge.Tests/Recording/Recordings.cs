using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Tests.Recording;

/// <summary>Small recordings in memory and in files of their own.</summary>
internal static class Recordings
{
    /// <summary>A message as tests write and compare it.</summary>
    public sealed record Entry(string Topic, uint Sequence, long LogTimeNs, string Data);

    public static byte[] Write(McapWriterOptions options, Action<McapWriter> write)
    {
        var stream = new MemoryStream();
        using (var writer = new McapWriter(stream, options))
        {
            write(writer);
        }

        return stream.ToArray();
    }

    public static byte[] Write(McapWriterOptions options, IEnumerable<Entry> entries) => Write(options, writer => WriteAll(writer, entries));

    public static void WriteAll(McapWriter writer, IEnumerable<Entry> entries)
    {
        var channels = new Dictionary<string, McapChannel>();
        McapSchema schema = writer.AddSchema("test/msg/Bytes", "ros2msg", "uint8[] data"u8);
        foreach (Entry entry in entries)
        {
            if (!channels.TryGetValue(entry.Topic, out McapChannel? channel))
            {
                channels[entry.Topic] = channel = writer.AddChannel(entry.Topic, "cdr", schema, new Dictionary<string, string> { ["of"] = entry.Topic });
            }

            writer.Write(channel, entry.Sequence, entry.LogTimeNs, entry.LogTimeNs + 1, Convert.FromHexString(entry.Data));
        }
    }

    public static List<Entry> Read(McapReader reader, McapReadOptions? options = null) => [.. reader.ReadMessages(options).Select(Of)];

    public static List<Entry> Read(ReadOnlyMemory<byte> file, McapReaderOptions? options = null)
    {
        using McapReader reader = McapReader.Open(file, options);
        return Read(reader);
    }

    public static Entry Of(McapMessage message) => new(message.Channel.Topic, message.Sequence, message.LogTimeNs, Convert.ToHexString(message.Data.Span));

    /// <summary>Messages on three topics, one per millisecond.</summary>
    public static Entry[] Sample(int count, int bytes = 24)
    {
        var random = new Random(7);
        byte[] data = new byte[bytes];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            random.NextBytes(data);
            return new Entry($"/topic_{i % 3}", (uint)i, 1_000_000L * (i + 1), Convert.ToHexString(data));
        })];
    }

    /// <summary>A path that does not exist yet, removed with the test.</summary>
    public sealed class TemporaryFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"vbedge-{Guid.NewGuid():N}.mcap");

        public void Dispose() => File.Delete(Path);
    }
}
