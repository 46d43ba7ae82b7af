using System.Text.Json;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Recording;
using VisionBanana.Edge.Tests.Messages.Ros;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Recording;

/// <summary>Recordings of ours read by @mcap/core, and recordings it wrote read by us.</summary>
public sealed class McapInteropTests
{
    [Theory]
    [InlineData(McapCompression.None)]
    [InlineData(McapCompression.Zstd)]
    [InlineData(McapCompression.Lz4)]
    public async Task OurRecording_ReadByMcapCore_IsWhatWasWritten(McapCompression compression)
    {
        using var file = new Recordings.TemporaryFile();
        string[] schemas = [.. Samples.Encoded.Keys.Where(RosDefinitions.Contains).Order(StringComparer.Ordinal)];
        const long First = 1_700_000_000_000_000_000;
        using (var writer = McapWriter.Create(file.Path, new McapWriterOptions { Compression = compression, ChunkBytes = 1024 }))
        {
            writer.AddAttachment(new McapAttachment("camera.yaml", "application/yaml", "camera_name: front"u8.ToArray()) { LogTimeNs = 5 });
            writer.AddMetadata("visionbanana", new Dictionary<string, string> { ["model"] = "scene-s" });
            for (int i = 0; i < 20; i++)
            {
                foreach (string schema in schemas)
                {
                    var message = new WireMessage
                    {
                        Stream = schema[(schema.LastIndexOf('/') + 1)..],
                        Schema = schema,
                        SequenceNumber = i,
                        CapturedNs = First - 7,
                        Payload = Samples.Encoded[schema],
                    };
                    writer.Write(message, "/vb/v1/edge/front/" + message.Stream, First + i);
                }
            }
        }

        JsonElement read = await RunAsync("read", file.Path);

        Assert.Equal("ros2", read.GetProperty("header").GetProperty("profile").GetString());
        Assert.StartsWith("VisionBanana.Edge", read.GetProperty("header").GetProperty("library").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            compression switch { McapCompression.None => "", McapCompression.Zstd => "zstd", _ => "lz4" }, read.GetProperty("compression").GetString());
        JsonElement[] messages = [.. read.GetProperty("messages").EnumerateArray()];
        Assert.Equal(20 * schemas.Length, messages.Length);
        Assert.All(messages.Index(), pair =>
        {
            (int i, JsonElement message) = pair;
            string schema = message.GetProperty("schema").GetString()!;
            Assert.Equal(schemas[i % schemas.Length], schema);
            Assert.Equal(Samples.Encoded[schema], message.GetProperty("data").GetBytesFromBase64());
            Assert.Equal((i / schemas.Length, $"{First + (i / schemas.Length)}", $"{First - 7}"),
                (message.GetProperty("sequence").GetInt32(), message.GetProperty("logTime").GetString(), message.GetProperty("publishTime").GetString()));
        });

        // Decoded by the definitions in the file.
        JsonElement image = messages.First(m => m.GetProperty("schema").GetString() == "sensor_msgs/msg/Image").GetProperty("decoded");
        Assert.Equal("16UC1", image.GetProperty("encoding").GetString());
        Assert.Equal(Samples.Image.Data.ToArray(), image.GetProperty("data").GetBytesFromBase64());
        JsonElement labels = messages.First(m => m.GetProperty("schema").GetString() == "vision_msgs/msg/LabelInfo").GetProperty("decoded");
        Assert.Equal("lions", labels.GetProperty("class_map")[1].GetProperty("class_name").GetString());
        JsonElement diagnostics = messages.First(m => m.GetProperty("schema").GetString() == "diagnostic_msgs/msg/DiagnosticArray").GetProperty("decoded");
        Assert.Equal("reconnecting", diagnostics.GetProperty("status")[1].GetProperty("message").GetString());

        Assert.Equal("camera_name: front"u8.ToArray(), read.GetProperty("attachments")[0].GetProperty("data").GetBytesFromBase64());
        Assert.Equal("scene-s", read.GetProperty("metadata")[0].GetProperty("entries").GetProperty("model").GetString());
        Assert.All(read.GetProperty("channels").EnumerateArray(), c => Assert.Equal("cdr", c.GetProperty("messageEncoding").GetString()));
        Assert.All(
            read.GetProperty("channels").EnumerateArray(), c => Assert.Equal("", c.GetProperty("metadata").GetProperty("offered_qos_profiles").GetString()));
        JsonElement statistics = read.GetProperty("statistics");
        Assert.Equal($"{20 * schemas.Length}", statistics.GetProperty("messageCount").GetString());
        Assert.Equal(read.GetProperty("chunks").GetInt32(), statistics.GetProperty("chunkCount").GetInt32());
        Assert.Equal(6, read.GetProperty("summaryOffsets").GetInt32());

        // From begin to end with every CRC checked, the data section's among them.
        Assert.True(read.GetProperty("done").GetBoolean());
        Assert.Equal(messages.Length, read.GetProperty("records").GetProperty("Message").GetInt32());
        Assert.NotEqual(0u, read.GetProperty("dataSectionCrc").GetUInt32());
    }

    [Theory]
    [InlineData("""{"chunkSize":500}""", true)]
    [InlineData("""{"chunkSize":500}""", false)]
    [InlineData("""{"useChunks":false}""", false)]
    [InlineData("""{"chunkSize":500,"useChunkIndex":false,"useSummaryOffsets":false}""", true)]
    [InlineData("""{"chunkSize":500,"useStatistics":false,"useMessageIndex":false}""", true)]
    [InlineData(
        """{"chunkSize":500,"useStatistics":false,"useMessageIndex":false,"useChunkIndex":false,"useSummaryOffsets":"""
            + """false,"repeatChannels":false,"repeatSchemas":false,"useAttachmentIndex":false,"useMetadataIndex":false}""",
        true)]
    public async Task RecordingOfMcapCore_ReadByUs_IsWhatWasWritten(string options, bool compress)
    {
        using var file = new Recordings.TemporaryFile();
        Recordings.Entry[] entries = [.. Recordings.Sample(40).Select(e => e with { Sequence = 40, LogTimeNs = e.LogTimeNs ^ 0x400000 })];
        string input = JsonSerializer.Serialize(new
        {
            options = JsonElement.Parse(options),
            compress,
            messages = entries.Select(e => new { topic = e.Topic, logTime = e.LogTimeNs, data = Convert.ToBase64String(Convert.FromHexString(e.Data)) }),
            attachment = Convert.ToBase64String("hello"u8),
        });
        await RunAsync("write", file.Path, input);

        using McapReader reader = McapReader.Open(file.Path);

        Assert.True(reader.Recovery.IsComplete, reader.Recovery.ToString());
        Assert.Equal(("test", "@mcap/core"), (reader.Profile, reader.Library));
        Assert.Equal(entries.OrderBy(e => e.LogTimeNs), Recordings.Read(reader));
        Assert.Equal(["/topic_0", "/topic_1", "/topic_2"], reader.Channels.Select(c => c.Topic));
        Assert.All(reader.Channels, c => Assert.Equal((c.Topic, $"schema of {c.Topic}"), (c.Metadata["key"], c.Schema!.Name)));
        McapAttachment attachment = reader.ReadAttachment(Assert.Single(reader.Attachments));
        Assert.Equal(("a.txt", 5, 6, "hello"), (
            attachment.Name, attachment.LogTimeNs, attachment.CreateTimeNs, System.Text.Encoding.UTF8.GetString(attachment.Data.Span)));
        Assert.Equal("r2", Assert.Single(reader.ReadMetadata()).Entries["robot"]);
    }

    [Fact]
    public async Task Definitions_ParsedByFoxglove_AreComplete()
    {
        JsonElement parsed = await RunAsync("definitions", "-", JsonSerializer.Serialize(RosDefinitions.Schemas.Select(RosDefinitions.Of)));
        Assert.Equal(RosDefinitions.Schemas.Count, parsed.GetArrayLength());
        foreach ((string schema, JsonElement types) in RosDefinitions.Schemas.Zip(parsed.EnumerateArray()))
        {
            HashSet<string> named = [.. types.EnumerateArray().Skip(1).Select(t => t.GetProperty("name").GetString()!)];
            foreach (JsonElement field in types.EnumerateArray().SelectMany(t => t.GetProperty("fields").EnumerateArray()))
            {
                bool isComplex = field.TryGetProperty("isComplex", out JsonElement complex) && complex.GetBoolean();
                Assert.True(!isComplex || named.Contains(field.GetProperty("type").GetString()!), $"{schema} lacks {field}");
            }
        }
    }

    private static async Task<JsonElement> RunAsync(string command, string path, string? input = null)
    {
        string folder = Path.Combine(Nearby.RepositoryRoot, "tests", "interop");
        string? node = ExternalProcess.Find("node");
        Assert.SkipWhen(node is null, "node is not installed");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(folder, "node_modules", "@mcap", "core")), "the npm packages are not installed: run `npm ci` in tests/interop");
        using var process = new ExternalProcess(node, [Path.Combine(folder, "mcap.mjs"), command, path], input);
        Assert.True(await process.WaitAsync(TimeSpan.FromSeconds(60)) == 0, process.Errors);
        return JsonElement.Parse(string.Concat(process.Output));
    }
}
