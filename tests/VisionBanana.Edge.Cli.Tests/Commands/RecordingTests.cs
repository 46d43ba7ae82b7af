using VisionBanana.Edge.Recording;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Commands;

public sealed class RecordingTests
{
    [Fact]
    public async Task Replay_OfTheCamerasPictures_PaintsByteIdenticalPercepts()
    {
        using var work = new WorkFolder();
        string first = Path.Combine(work.Path, "first.mcap"), second = Path.Combine(work.Path, "second.mcap");
        string pipeline = work.WritePipeline(t => t.Replace("sinks: {queue: 32}", "sinks: {queue: 200}", StringComparison.Ordinal));

        Vbedge.Result run = await Vbedge.RunAsync("run", pipeline, "--frames", "12", "--record", first, "--record-source", "--json");
        Vbedge.Result again = await Vbedge.RunAsync("run", pipeline, "--source", first, "--record", second, "--json");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.True(again.ExitCode == 0, again.ToString());
        foreach (string stream in (string[])["depth", "painting", "labels", "cloud", "color"])
        {
            byte[][] before = Payloads(first, stream), after = Payloads(second, stream);
            Assert.NotEmpty(before);
            Assert.Equal(before.Length, after.Length);
            Assert.All(before.Zip(after), p => Assert.True(p.First.AsSpan().SequenceEqual(p.Second), $"{stream} differs after replay"));
        }
    }

    [Fact]
    public async Task Record_TheCameraAlone_KeepsEveryPictureWithItsCalibration()
    {
        using var work = new WorkFolder();
        string file = Path.Combine(work.Path, "camera.mcap");

        Vbedge.Result record = await Vbedge.RunAsync("record", file, "--pipeline", work.WritePipeline(), "--frames", "10", "--json");

        Assert.True(record.ExitCode == 0, record.ToString());
        Assert.Equal((10, 10), (record.Json.GetProperty("captured").GetInt32(), record.Json.GetProperty("recorded").GetInt32()));
        using var source = RecordingSource.Open(file);
        Assert.Equal((640, 480), (source.Width, source.Height));
        Assert.NotNull(source.Intrinsics);
        Assert.True(source.Recovery.IsComplete);
    }

    [Fact]
    public async Task Replay_ToTransports_IsHeardAndNothingIsMalformed()
    {
        using var work = new WorkFolder();
        string file = Path.Combine(work.Path, "run.mcap"), pipeline = work.WritePipeline();
        Vbedge.Result run = await Vbedge.RunAsync("run", pipeline, "--frames", "15", "--record", file, "--json");
        Assert.True(run.ExitCode == 0, run.ToString());

        await using var replay = Vbedge.Start("replay", file, "--pipeline", pipeline, "--loop", "--json");
        await replay.ListeningAsync(work.ZeroMqPort);
        Vbedge.Result heard = await Vbedge.RunAsync("listen", "--zeromq", $"tcp://127.0.0.1:{work.ZeroMqPort}", "--seconds", "3", "--json");
        replay.Interrupt();
        Vbedge.Result replayed = await replay.ExitAsync();

        Assert.True(heard.ExitCode == 0, heard.ToString());
        Assert.Equal(0, heard.Json.GetProperty("malformed").GetInt64());
        Assert.Contains(heard.Json.GetProperty("streams").EnumerateArray(), s => s.GetProperty("topic").GetString() == "vb/v1/test/room/cloud");
        Assert.True(replayed.ExitCode == 130, replayed.ToString());
        Assert.True(replayed.Json.GetProperty("is_complete").GetBoolean());
    }

    [Fact]
    public async Task Replay_OfAKilledRecording_PlaysWhatIsThereAndSaysWhatWasLost()
    {
        using var work = new WorkFolder();
        string file = Path.Combine(work.Path, "killed.mcap"), pipeline = work.WritePipeline();
        await using (var run = Vbedge.Start("run", pipeline, "--record", file, "--record-source", "--json"))
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!File.Exists(file) || new FileInfo(file).Length < 20_000_000)
            {
                await Task.Delay(20, limit.Token);
            }

            run.Kill();
            await run.ExitAsync();
        }

        Vbedge.Result replay = await Vbedge.RunAsync("replay", file, "--pipeline", pipeline, "--speed", "0", "--json");
        Assert.True(replay.ExitCode == 0, replay.ToString());
        Assert.False(replay.Json.GetProperty("is_complete").GetBoolean());
        Assert.True(replay.Json.GetProperty("lost_bytes").GetInt64() >= 0);
        Assert.True(replay.Json.GetProperty("played").GetInt64() > 20, replay.Output);
        Assert.Contains("cut off at byte", (await Vbedge.RunAsync("replay", file, "--pipeline", pipeline, "--speed", "0")).Output, StringComparison.Ordinal);

        Vbedge.Result again = await Vbedge.RunAsync("run", pipeline, "--source", file, "--frames", "5", "--json");
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Contains("killed.mcap is cut off at byte", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_NoSuchRecording_SaysSo()
    {
        using var work = new WorkFolder();

        Vbedge.Result result = await Vbedge.RunAsync("replay", "no-such.mcap", "--pipeline", work.WritePipeline());

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no-such.mcap", result.Error, StringComparison.Ordinal);
    }

    private static byte[][] Payloads(string file, string stream)
    {
        using var reader = McapReader.Open(file);
        return [.. reader.ReadMessages().Where(m => m.Channel.Topic.EndsWith($"/{stream}", StringComparison.Ordinal)).Select(m => m.Data.ToArray())];
    }
}
