using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Release;

/// <summary>Two minutes of what <c>eng/endure</c> does for as long as one likes.</summary>
public sealed class EnduranceTests
{
    [Fact]
    public async Task Endure_TwoMinutesAmongHostileConsumers_BooksBalanceAndNothingGrows()
    {
        string script = Path.Combine(Nearby.RepositoryRoot, "tests", "endurance", "endure.py");
        Assert.SkipUnless(
            await ExternalProcess.SucceedsAsync("/usr/bin/python3", "-c", "import zmq, paho.mqtt.client"), "Python lacks pyzmq or paho-mqtt");
        Assert.SkipUnless(ExternalProcess.Find("mosquitto") is not null && ExternalProcess.Find("ffmpeg") is not null, "mosquitto or ffmpeg is missing");
        using var endure = new ExternalProcess("/usr/bin/python3", [script, "2", "--vbedge", "dotnet", Path.Combine(AppContext.BaseDirectory, "vbedge.dll")]);

        int exitCode = await endure.WaitAsync(TimeSpan.FromMinutes(8));

        Assert.True(exitCode == 0, $"{string.Join('\n', endure.Output)}\n{endure.Errors}");
    }
}
