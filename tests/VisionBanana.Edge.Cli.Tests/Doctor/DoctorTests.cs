using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Doctor;

/// <summary><c>vbedge doctor</c> on this machine.</summary>
public sealed class DoctorTests
{
    [Fact]
    public async Task Doctor_SoundPipeline_LooksAtEverythingAndEndsWell()
    {
        using var work = new WorkFolder();
        Vbedge.Result result = await Vbedge.RunAsync("doctor", work.WritePipeline(), "--json");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.True(result.Json.GetProperty("well").GetBoolean());
        Dictionary<string, JsonElement> checks = ByName(result.Json);
        foreach (string name in (string[])
            [
                "system", ".net", "processor", "memory", "gpu", "nvidia driver", "cuda", "cudnn", "tensorrt", "opencv", "ffmpeg", "pipeline", "onnxruntime",
                "provider tensorrt", "provider cuda", "provider cpu", "engines", "engine cache disk", "model painter-s",
                "calibration", "cameras", "mqtt port", "zeromq port",
            ])
        {
            Assert.Contains(name, checks.Keys);
        }

        Assert.Contains("libonnxruntime", Found(checks["onnxruntime"]), StringComparison.Ordinal);
        Assert.Contains("painter-s", Found(checks["provider cpu"]), StringComparison.Ordinal);
        Assert.Contains("SHA-256", Found(checks["model painter-s"]), StringComparison.Ordinal);
        Assert.Contains("was built without it", checks["provider tensorrt"].GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_BrokenPipeline_TellsEachProblemWithItsRemedy()
    {
        using var work = new WorkFolder();
        using var busy = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        busy.Bind(new IPEndPoint(IPAddress.Loopback, work.MqttPort));
        busy.Listen();
        string calibration = work.Write("half.yaml", (await File.ReadAllTextAsync(Path.Combine(WorkFolder.Assets, "calibration", "demo-room.yaml")))
            .Replace("image_width: 640", "image_width: 1280", StringComparison.Ordinal).Replace(
                "image_height: 480", "image_height: 960", StringComparison.Ordinal));
        string pipeline = work.WritePipeline(t => t
            .Replace($"{WorkFolder.Assets}/calibration/demo-room.yaml", calibration, StringComparison.Ordinal)
            .Replace($"{{address: \"{WorkFolder.Demo}/room.mp4\", pace: none, loop: true}}", "/dev/video63", StringComparison.Ordinal));

        Vbedge.Result result = await Vbedge.RunAsync("doctor", pipeline, "--json");

        Assert.Equal(1, result.ExitCode);
        Dictionary<string, JsonElement> checks = ByName(result.Json);
        Assert.Contains("another size (", checks["calibration"].GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.Equal("problem", checks["camera device"].GetProperty("status").GetString());
        Assert.Contains("v4l2-ctl", checks["camera device"].GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.Contains("is in use", Found(checks["mqtt port"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_PipelineThatCannotBeRead_TellsItAndLooksAtTheMachineAnyway()
    {
        using var work = new WorkFolder();
        Vbedge.Result result = await Vbedge.RunAsync("doctor", work.Write("bad.yaml", "version: 1\ncamra: {}\n"), "--json");

        Assert.Equal(1, result.ExitCode);
        Dictionary<string, JsonElement> checks = ByName(result.Json);
        Assert.Contains("camra", checks["pipeline"].GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.Equal("well", checks["provider cpu"].GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(1.0, "well", "times as the calibration says")]
    [InlineData(1.5, "problem", "times as the calibration says")]
    public async Task Doctor_PicturesOfACamera_AreComparedWithItsCalibration(double zoom, string status, string found)
    {
        using var work = new WorkFolder();
        string boards = Path.GetDirectoryName(Nearby.SharedData("boards/left01.jpg"))!;
        Directory.CreateDirectory(Path.Combine(work.Path, "left"));
        foreach (string file in Directory.GetFiles(boards, "left*.jpg"))
        {
            File.Copy(file, Path.Combine(work.Path, "left", Path.GetFileName(file)));
        }

        string focal = (535.9 * zoom).ToString(System.Globalization.CultureInfo.InvariantCulture);
        string calibration = work.Write("left.yaml", $"""
            image_width: 640
            image_height: 480
            camera_name: left
            camera_matrix: [{focal}, 0, 342.28, 0, {focal}, 235.57, 0, 0, 1]
            distortion_model: plumb_bob
            distortion_coefficients: [-0.266372609096609, -0.0385888989223047, 0.0017831947042853, -0.000281221004411155, 0.238391530808785]
            """);
        string pipeline = work.WritePipeline(t => t
            .Replace($"{WorkFolder.Assets}/calibration/demo-room.yaml", calibration, StringComparison.Ordinal)
            .Replace($"{{address: \"{WorkFolder.Demo}/room.mp4\", pace: none, loop: true}}", Path.Combine(work.Path, "left"), StringComparison.Ordinal));

        Vbedge.Result result = await Vbedge.RunAsync("doctor", pipeline, "--json");

        JsonElement lens = ByName(result.Json)["lens"];
        Assert.True(lens.GetProperty("status").GetString() == status, result.ToString());
        Assert.Contains(found, Found(lens), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_ForPeople_IsATable()
    {
        Vbedge.Result result = await Vbedge.RunAsync("doctor");

        Assert.Contains("what to do", result.Output, StringComparison.Ordinal);
        Assert.Contains("provider cpu", result.Output, StringComparison.Ordinal);
    }

    private static Dictionary<string, JsonElement> ByName(JsonElement report) =>
        report.GetProperty("checks").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!);

    private static string Found(JsonElement check) => check.GetProperty("found").GetString()!;
}
