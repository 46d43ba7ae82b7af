using System.Text.Json;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Messages.Ros;

/// <summary>Our messages read and written by @foxglove/rosmsg2-serialization from the ROS 2 definitions it brings along.</summary>
public sealed class FoxgloveInteropTests
{
    [Fact]
    public async Task EveryMessage_ReadByFoxglove_SameFieldsAndSameBytesBack()
    {
        string[] schemas = [.. Samples.Encoded.Keys.Order(StringComparer.Ordinal)];
        JsonElement[] results = await ReadAsync([.. schemas.Select(schema => (schema, Samples.Encoded[schema]))]);
        Assert.Equal(schemas.Length, results.Length);
        foreach ((string schema, JsonElement result) in schemas.Zip(results))
        {
            byte[] written = result.GetProperty("payload").GetBytesFromBase64();
            Assert.True(Samples.Encoded[schema].AsSpan().SequenceEqual(written), $"{schema}: {Convert.ToHexString(written)}");
            Assert.Equal(Samples.Encoded[schema], Samples.Recode(schema, written));
        }
    }

    [Fact]
    public async Task Fields_ReadByFoxglove_AreThoseWritten()
    {
        // Outside ASCII the package reads what we write, but its writer counts characters instead of bytes: read only.
        LabelInfo labels = Samples.LabelInfo with { ClassMap = [new VisionClass(7, "Löwe")] };
        JsonElement[] results = await ReadAsync(
            (Image.Schema, Samples.Encoded[Image.Schema]),
            (CameraInfo.Schema, Samples.Encoded[CameraInfo.Schema]),
            (PointCloud2.Schema, Samples.Encoded[PointCloud2.Schema]),
            (LabelInfo.Schema, RosMessage.Encode(labels)),
            (DiagnosticArray.Schema, Samples.Encoded[DiagnosticArray.Schema]),
            (TFMessage.Schema, Samples.Encoded[TFMessage.Schema]),
            (CompressedPointCloud2.Schema, Samples.Encoded[CompressedPointCloud2.Schema]));
        JsonElement[] read = [.. results.Select(result => result.GetProperty("message"))];

        Assert.Equal("""{"stamp":{"sec":1700000000,"nanosec":123456789},"frame_id":"camera_optical"}""", read[0].GetProperty("header").GetRawText());
        Assert.Equal(
            (2, 3, "16UC1", 6), (Number(read[0], "height"), Number(read[0], "width"), read[0].GetProperty("encoding").GetString(), Number(read[0], "step")));
        Assert.Equal(Samples.Image.Data.ToArray(), read[0].GetProperty("data").GetBytesFromBase64());

        Assert.Equal("[0.1,-0.2,0.001,-0.002,0.05]", read[1].GetProperty("d").GetRawText());
        Assert.Equal("[500.5,0,319.5,0,501.25,239.5,0,0,1]", read[1].GetProperty("k").GetRawText());
        Assert.Equal("plumb_bob", read[1].GetProperty("distortion_model").GetString());

        Assert.Equal(
            [("x", 0, 7), ("y", 4, 7), ("z", 8, 7), ("rgb", 12, 7), ("confidence", 16, 7), ("label", 20, 4)],
            read[2].GetProperty("fields").EnumerateArray().Select(f => (f.GetProperty("name").GetString()!, Number(f, "offset"), Number(f, "datatype"))));
        Assert.Equal((24, 48), (Number(read[2], "point_step"), Number(read[2], "row_step")));

        Assert.Equal("Löwe", read[3].GetProperty("class_map")[0].GetProperty("class_name").GetString());
        Assert.Equal(0.25, read[3].GetProperty("threshold").GetDouble());

        Assert.Equal("3", read[4].GetProperty("status")[0].GetProperty("values")[1].GetProperty("value").GetString());
        Assert.Equal(1, Number(read[4].GetProperty("status")[1], "level"));

        JsonElement pose = read[5].GetProperty("transforms")[0];
        Assert.Equal(
            ("base_link", "camera_optical"), (pose.GetProperty("header").GetProperty("frame_id").GetString(), pose.GetProperty("child_frame_id").GetString()));
        Assert.Equal(
            """{"translation":{"x":0.25,"y":-0.5,"z":1.125},"rotation":{"x":-0.5,"y":0.5,"z":-0.5,"w":0.5}}""", pose.GetProperty("transform").GetRawText());

        Assert.Equal("zstd", read[6].GetProperty("format").GetString());
        Assert.True(read[6].GetProperty("is_dense").GetBoolean());
        Assert.Equal(Samples.CompressedPointCloud2.CompressedData.ToArray(), read[6].GetProperty("compressed_data").GetBytesFromBase64());
    }

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static async Task<JsonElement[]> ReadAsync(params (string Schema, byte[] Payload)[] messages)
    {
        string folder = Path.Combine(Nearby.RepositoryRoot, "tests", "interop");
        string? node = ExternalProcess.Find("node");
        Assert.SkipWhen(node is null, "node is not installed");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules")), "the npm packages are not installed: run `npm ci` in tests/interop");
        string input = JsonSerializer.Serialize(messages.Select(message => new { schema = message.Schema, payload = Convert.ToBase64String(message.Payload) }));
        using var process = new ExternalProcess(node, [Path.Combine(folder, "cdr.mjs")], input);
        Assert.True(await process.WaitAsync(TimeSpan.FromSeconds(30)) == 0, process.Errors);
        return [.. JsonDocument.Parse(string.Concat(process.Output)).RootElement.EnumerateArray()];
    }
}
