using System.Text;
using System.Text.Json;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.ZeroMq.Tests;

/// <summary>The robot of samples/robots that goes while a zone is free.</summary>
public sealed class StopAndGoTests
{
    [Fact]
    public async Task StopAndGo_EveryStateAndSilence_GoesOnlyWhileFree()
    {
        await using var transport = new ZeroMqTransport(
            new ZeroMqOptions { Endpoint = "tcp://127.0.0.1:0", Device = "robot", Camera = "front", StateInterval = TimeSpan.FromSeconds(100) });
        await transport.StartAsync(CancellationToken.None);
        string path = Path.Combine(Nearby.RepositoryRoot, "samples", "robots", "stop_and_go.py");
        using ExternalProcess python = await Consumers.RunAsync(
            $"exec(open({JsonSerializer.Serialize(path)}).read())", ["zmq"], "--connect", transport.Endpoint, "--camera", "robot/front", "--changes", "4");
        Task<int> end = python.WaitAsync(TimeSpan.FromSeconds(60));

        // Before anything is said the robot stands. What was said before it listened is lost to it: it is said until it is heard.
        await SayUntilAsync(transport, """{"state":"free"}""", () => Last(python) == "go");
        await SayUntilAsync(transport, """{"state":"occupied","nearest":{"distance_m":0.8,"class":"person"}}""", () => Last(python) == "stop");
        Assert.Equal("stop occupied person 0.8", python.Output[^1]);
        await SayUntilAsync(transport, """{"state":"free"}""", () => Last(python) == "go");

        // From here on nothing is said.
        Assert.True(await end == 0, python.Errors);
        Assert.StartsWith("stop unknown silence", python.Output[^1], StringComparison.Ordinal);
    }

    private static string Last(ExternalProcess python) => python.Output is [.., string line] ? line.Split(' ')[0] : "";

    private static async Task SayUntilAsync(ZeroMqTransport transport, string json, Func<bool> until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        for (int i = 0; !until(); i++)
        {
            var state = new WireMessage
            {
                Stream = WireTopics.OfZone("stop"),
                Schema = "",
                Encoding = "json",
                SequenceNumber = i,
                IsState = true,
                Payload = Encoding.UTF8.GetBytes(json),
            };
            await transport.SendAsync(state, limit.Token);
            await Task.Delay(50, limit.Token);
        }
    }
}
