using System.Diagnostics;
using System.Text.Json;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Commands;

/// <summary>Commands to a running pipeline, given by programs that are not ours.</summary>
public sealed class CommandTests
{
    private const string Camera = "vb/v1/test/room";

    [Fact]
    public async Task Run_Commands_PauseAskForSomethingElseAndForOneFrame()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mosquitto_rr"), "mosquitto_rr (Debian: mosquitto-clients) is not installed");
        using var work = new WorkFolder();
        await using var run = Vbedge.Start("run", work.WritePipeline(t => t.Replace("pace: none, ", "", StringComparison.Ordinal)), "--json");

        Assert.Equal("""{"ok":true}""", await AskAsync(work, "command", "pause"));
        using JsonDocument refused = JsonDocument.Parse(await AskAsync(work, "instructions/set", """["depth", "sing a song"]"""));
        Assert.Contains("sing a song", refused.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"ok":true}""", await AskAsync(work, "instructions/set", "labels"));

        using JsonDocument state = JsonDocument.Parse(await RunAsync("mosquitto_sub", work, "-t", $"{Camera}/instructions", "-C", "1", "-W", "20"));
        Assert.True(state.RootElement.GetProperty("paused").GetBoolean());
        Assert.Equal(1, state.RootElement.GetProperty("instructions").GetArrayLength());

        Assert.Equal("""{"ok":true}""", await AskAsync(work, "instructions/set", state.RootElement.GetProperty("instructions").GetRawText()));

        // The clip is held back: what comes now was asked for, and holds labels but no depth any more.
        Task<string> streams = RunAsync("mosquitto_sub", work, "-t", $"{Camera}/labels", "-t", $"{Camera}/depth", "-F", "%t", "-C", "1", "-W", "20");
        while (!streams.IsCompleted)
        {
            Assert.Equal("""{"ok":true}""", await AskAsync(work, "command", "frame"));
        }

        Assert.Equal($"{Camera}/labels", await streams);
        Assert.Equal("""{"ok":true}""", await AskAsync(work, "command", "resume"));
        run.Interrupt();
        Vbedge.Result result = await run.ExitAsync();
        Assert.True(result.ExitCode == 130, result.ToString());
        Assert.All(result.Json.GetProperty("sinks").EnumerateArray(), s => Assert.Equal(
            s.GetProperty("captured").GetInt64(),
            s.GetProperty("published").GetInt64() + s.GetProperty("dropped").EnumerateObject().Sum(d => d.Value.GetInt64())));
    }

    [Fact]
    public async Task KeysNew_Twice_WritesThePairOnceAndRefusesToReplaceIt()
    {
        using var work = new WorkFolder();
        Vbedge.Result result = await Vbedge.RunAsync("keys", "new", "-o", work.Path, "--json");
        Assert.True(result.ExitCode == 0, result.ToString());
        string secret = result.Json.GetProperty("secret_file").GetString()!;
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(secret) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.DoesNotContain((await File.ReadAllTextAsync(secret)).Trim(), result.Output, StringComparison.Ordinal);
        Assert.Equal(
            result.Json.GetProperty("public_key").GetString(), (await File.ReadAllTextAsync(result.Json.GetProperty("public_file").GetString()!)).Trim());

        Vbedge.Result again = await Vbedge.RunAsync("keys", "new", "-o", work.Path);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("not replaced", again.Error, StringComparison.Ordinal);
    }

    /// <summary>Gives a command and waits for its answer; tried again until the pipeline listens.</summary>
    private static async Task<string> AskAsync(WorkFolder work, string topic, string payload)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(90))
        {
            string answer = await RunAsync("mosquitto_rr", work, "-t", $"{Camera}/{topic}", "-e", $"answers/{Guid.NewGuid():N}", "-m", payload, "-W", "2");
            if (answer.Length > 0)
            {
                return answer;
            }

            await Task.Delay(250);
        }

        throw new TimeoutException($"no answer to {payload}");
    }

    private static async Task<string> RunAsync(string program, WorkFolder work, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, ["-V", "mqttv5", "-h", "127.0.0.1", "-p", $"{work.MqttPort}", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await errors;
        return output.Trim();
    }
}
