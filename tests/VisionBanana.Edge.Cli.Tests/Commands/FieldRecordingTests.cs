using System.Globalization;
using System.Text.Json;
using VisionBanana.Edge.Recording;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Commands;

/// <summary>Recordings of other tools, damaged ones and a disk that fills, through the tool.</summary>
public sealed class FieldRecordingTests
{
    [Theory]
    [InlineData("image-before-camera-info.mcap", 4)]
    [InlineData("compressed-topic-convention.mcap", 2)]
    [InlineData("image_rect-with-raw-camera-info.mcap", 2)]
    [InlineData("mono8-only.mcap", 2)]
    [InlineData("yuv422_yuy2.mcap", 2)]
    [InlineData("channels-only-in-chunks.mcap", 2)]
    public async Task Run_RecordingsFromTheField_AreAllPublished(string name, int pictures)
    {
        string file = Nearby.SharedData($"field/{name}");
        using var work = new WorkFolder();
        Vbedge.Result run = await Vbedge.RunAsync("run", work.WritePipeline(), "--source", file, "--no-view", "--json");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.All(run.Json.GetProperty("sinks").EnumerateArray(), sink =>
            Assert.Equal((pictures, pictures), (sink.GetProperty("captured").GetInt32(), sink.GetProperty("published").GetInt32())));
        Assert.Equal(JsonValueKind.Null, run.Json.GetProperty("source_damage").ValueKind);
    }

    [Fact]
    public async Task Run_TwoCameras_TakesTheTopicThatIsNamed()
    {
        string file = Nearby.SharedData("field/two-colour-topics.mcap");
        using var work = new WorkFolder();
        string pipeline = work.WritePipeline();
        Vbedge.Result none = await Vbedge.RunAsync("run", pipeline, "--source", file, "--no-view");
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("--topic", none.Error, StringComparison.Ordinal);
        Vbedge.Result left = await Vbedge.RunAsync("run", pipeline, "--source", file, "--topic", "/left/image_raw", "--no-view", "--json");
        Assert.True(left.ExitCode == 0, left.ToString());
        Assert.Contains("/left/image_raw", left.Json.GetProperty("camera").GetString(), StringComparison.Ordinal);
        string record = Path.Combine(work.Path, "left.mcap");
        Vbedge.Result recorded = await Vbedge.RunAsync("record", record, "--pipeline", pipeline, "--source", file, "--topic", "/left/image_raw", "--json");
        Assert.True(recorded.ExitCode == 0, recorded.ToString());
        Assert.Equal(2, recorded.Json.GetProperty("recorded").GetInt32());
    }

    [Fact]
    public async Task Run_DamagedRecording_IsToldInJsonAndOnStandardError()
    {
        using var work = new WorkFolder();
        string pipeline = work.WritePipeline(), file = Path.Combine(work.Path, "damaged.mcap");
        Vbedge.Result record = await Vbedge.RunAsync("record", file, "--pipeline", pipeline, "--frames", "6", "--json");
        Assert.True(record.ExitCode == 0, record.ToString());
        byte[] bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 0x40;
        await File.WriteAllBytesAsync(file, bytes);

        Vbedge.Result run = await Vbedge.RunAsync("run", pipeline, "--source", file, "--no-view", "--json");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("damaged", run.Json.GetProperty("source_damage").GetString(), StringComparison.Ordinal);
        Assert.Contains("damaged.mcap is damaged", run.Error, StringComparison.Ordinal);

        Vbedge.Result again = await Vbedge.RunAsync("record", Path.Combine(work.Path, "copy.mcap"), "--pipeline", pipeline, "--source", file, "--json");
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Contains("damaged", again.Json.GetProperty("source_damage").GetString(), StringComparison.Ordinal);
        Assert.Contains("damaged.mcap is damaged", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_DiskAlmostFull_EndsReadableAndSaysSo()
    {
        using var work = new WorkFolder();
        string file = Path.Combine(work.Path, "full.mcap");
        Vbedge.Result record = await RunOnAFullDiskAsync(work, "record", file, "--pipeline", work.WritePipeline(), "--frames", "2000", "--json");
        Assert.True(record.ExitCode == 1, record.ToString());
        Assert.Contains("MiB free", record.Error, StringComparison.Ordinal);
        Assert.Contains("MiB free", record.Json.GetProperty("problem").GetString(), StringComparison.Ordinal);
        using McapReader reader = McapReader.Open(file);
        Assert.True(reader.Recovery.IsComplete);
        Assert.True(reader.Statistics!.MessageCount > 0);
    }

    [Fact]
    public async Task Run_DiskAlmostFull_GoesOnWithoutTheRecordingAndEndsWithOne()
    {
        using var work = new WorkFolder();
        string file = Path.Combine(work.Path, "full.mcap");
        Vbedge.Result run = await RunOnAFullDiskAsync(
            work, "run", work.WritePipeline(), "--frames", "150", "--no-view", "--record", file, "--record-source", "--json");
        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains("MiB free", run.Error, StringComparison.Ordinal);
        JsonElement recording = run.Json.GetProperty("recording");
        Assert.Contains("MiB free", recording.GetProperty("problem").GetString(), StringComparison.Ordinal);
        using McapReader reader = McapReader.Open(file);
        Assert.True(reader.Recovery.IsComplete);
        Assert.Equal(recording.GetProperty("messages").GetInt64(), reader.Statistics!.MessageCount);
        Assert.All(run.Json.GetProperty("sinks").EnumerateArray().Where(s => s.GetProperty("name").GetString() == "mqtt"), sink =>
            Assert.True(sink.GetProperty("published").GetInt32() > 0));
    }

    [Fact]
    public async Task Run_NoRoomToBegin_FailsAtTheStart()
    {
        using var work = new WorkFolder();
        string file = Path.Combine(work.Path, "full.mcap");
        Vbedge.Result run = await Vbedge.RunAsync("run", work.WritePipeline(), "--frames", "3", "--no-view", "--record", file, "--keep-free-mb", "900000000");
        Assert.True(run.ExitCode == 1, run.ToString());
        Assert.Contains("was not begun", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    /// <summary>Runs with room for some megabytes; again when another program took them before the recording began.</summary>
    private static async Task<Vbedge.Result> RunOnAFullDiskAsync(WorkFolder work, params string[] args)
    {
        Vbedge.Result result = new(0, "", "");
        for (int i = 0; i < 3; i++)
        {
            string keep = ((new DriveInfo(work.Path).AvailableFreeSpace / 1048576) - 40).ToString(CultureInfo.InvariantCulture);
            result = await Vbedge.RunAsync([.. args, "--keep-free-mb", keep]);
            if (!result.Error.Contains("was not begun", StringComparison.Ordinal))
            {
                break;
            }
        }

        return result;
    }
}
