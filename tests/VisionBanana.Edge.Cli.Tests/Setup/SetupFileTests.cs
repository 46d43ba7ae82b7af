using System.Text.Json;
using VisionBanana.Edge.Cli.Setup;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Setup;

/// <summary>What is picked on the page becomes a file that is right, or none.</summary>
public sealed class SetupFileTests
{
    [Fact]
    public void Save_Choices_AreWhatThePipelineFileSays()
    {
        using var work = new WorkFolder();
        string path = Path.Combine(work.Path, "mine.yaml");
        SetupChoices choices = Choices("""
            {"device": "r\": 1", "camera": "front", "source": "rtsp://a:b@c/d", "hfov_deg": 61.5, "mount": {"height_m": 1.2, "pitch_deg": 20, "roll_deg": -3},
             "instructions": [{"ask": "depth", "every": 1}, {"ask": "labels", "every": 3}], "streams_off": ["painting"], "mqtt": "broker.local:8883",
             "zeromq": "tcp://127.0.0.1:5557", "foxglove": true}
            """) with { Device = "r1" };
        PipelineFile file = SetupFile.Save(choices, path);

        Assert.Equal(("r1", "front", "rtsp://a:b@c/d", 61.5), (file.Device, file.Camera.Name, file.Camera.Source.Address, file.Camera.HfovDegrees));
        Assert.Equal((1.2, 20, -3), (file.Camera.Mount!.HeightM, Math.Round(file.Camera.Mount.PitchDegrees, 6), Math.Round(file.Camera.Mount.RollDegrees, 6)));
        Assert.Equal(["depth 1", "labels 3"], file.Instructions.Select(i => $"{i.Ask} {i.Every}"));
        Assert.Equal("tcp://127.0.0.1:5557", file.ZeroMq!.Endpoint);
        Assert.Contains("host: \"broker.local\", port: \"8883\"", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(work.Path));
    }

    [Theory]
    [InlineData("""{"source": "a.mp4", "hfov_deg": 60, "device": "a/b", "instructions": [{"ask": "depth", "every": 1}]}""", "device")]
    [InlineData("""{"source": "a.mp4", "hfov_deg": 400, "instructions": [{"ask": "depth", "every": 1}]}""", "hfov_deg")]
    [InlineData("""{"source": "a.mp4", "hfov_deg": 60, "instructions": [{"ask": "depth", "every": 0}]}""", "every")]
    [InlineData("""{"source": "a.mp4", "hfov_deg": 60, "instructions": [], "streams_off": ["x: {y"]}""", "x: {y")]
    [InlineData("""{"source": "a.mp4\nmqtt: 1", "hfov_deg": 60, "mqtt": "host:port", "instructions": [{"ask": "depth", "every": 1}]}""", "port")]
    public void Save_ChoicesThatAreWrong_WriteNothing(string json, string expected)
    {
        using var work = new WorkFolder();
        string path = work.Write("mine.yaml", "version: 1\n");
        var error = Assert.Throws<ConfigurationException>(() => SetupFile.Save(Choices(json), path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("draft", error.Message, StringComparison.Ordinal);
        Assert.Equal("version: 1\n", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(work.Path));
    }

    [Theory]
    [InlineData("""{"sauce": "a.mp4"}""")]
    [InlineData("""{"source": null}""")]
    [InlineData("""[]""")]
    public void Read_SomethingElse_IsRefused(string json) => Assert.Throws<MessageFormatException>(() => Choices(json));

    [Fact]
    public void Find_DeviceNodes_AreNamedAndMetadataIsLeftOut()
    {
        using var work = new WorkFolder();
        foreach ((string node, string name, string index) in new[] { ("video10", "Right", "0"), ("video2", "Left", "0"), ("video3", "Left", "1") })
        {
            work.Write(node, "");
            Directory.CreateDirectory(Path.Combine(work.Path, "facts", node));
            work.Write(Path.Combine("facts", node, "name"), $"{name}\n");
            work.Write(Path.Combine("facts", node, "index"), $"{index}\n");
        }

        IReadOnlyList<FoundCamera> found = CameraFinder.Find(work.Path, Path.Combine(work.Path, "facts"));
        Assert.Equal(["video2 Left", "video10 Right"], found.Select(c => $"{Path.GetFileName(c.Address)} {c.Name}"));
    }

    private static SetupChoices Choices(string json) => SetupChoices.Read(JsonDocument.Parse(json).RootElement);
}
