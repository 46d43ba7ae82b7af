using System.Net;
using System.Net.Sockets;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Shell;

/// <summary>Each wrong input gives one clear message and the right exit code, before the first frame.</summary>
public sealed class WrongInputTests
{
    [Fact]
    public Task Run_NoSuchFile() => RefusesAsync(2, _ => ["run", "no-such.yaml"], "no-such.yaml");

    [Fact]
    public Task Run_NoSuchVideo() => RefusesAsync(1, w => ["run", w.WritePipeline(), "--source", "no-such.mp4", "--hfov", "60"], "no-such.mp4");

    [Fact]
    public Task Run_NoCalibration() => RefusesAsync(2, w => ["run", w.WritePipeline(), "--source", Nearby.SharedData("video/vtest.avi")], "--hfov");

    [Fact]
    public async Task Infer_OnePixel_IsRefusedWithItsSize()
    {
        using var work = new WorkFolder();
        string picture = Path.Combine(work.Path, "one.png");
        using (var pixel = new OpenCvSharp.Mat(1, 1, OpenCvSharp.MatType.CV_8UC3, OpenCvSharp.Scalar.White))
        {
            Assert.True(OpenCvSharp.Cv2.ImWrite(picture, pixel));
        }

        await RefusesAsync(1, _ => ["infer", picture, "--hfov", "60"], "1×1");
    }

    [Fact]
    public Task Run_CalibrationThatCannotBeRight() => RefusesAsync(
        2,
        w => ["run", w.WritePipeline(), "--source", Nearby.SharedData("real/tabletop-a/rgb"), "--camera",
            Nearby.SharedData("field/calib_hd_for_vga.yaml")],
        "principal point", "calib_hd_for_vga.yaml");

    [Fact]
    public async Task Run_CalibrationThatCannotBeRight_IsToldBeforeTheModelIsLoaded()
    {
        using var work = new WorkFolder();

        // A server that paints and is not there: loading it would be the other error.
        string painter = work.Write("http.yaml", File.ReadAllText(Path.Combine(Nearby.RepositoryRoot, "models", "bring-your-own", "http.yaml")));
        Vbedge.Result result = await Vbedge.RunAsync(
            "run", work.WritePipeline(t => t.Replace(WorkFolder.Model, painter, StringComparison.Ordinal)), "--source",
            Nearby.SharedData("real/tabletop-a/rgb"), "--camera", Nearby.SharedData("field/calib_hd_for_vga.yaml"));

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("principal point", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.005, "off by 5", "0.001 would fit")]
    [InlineData(1, "off by 1000", "0.001 would give")]
    public async Task Eval_DepthScaleOffByAUsualFactor_NamesIt(double scale, params string[] said)
    {
        using var work = new WorkFolder();
        string real = Nearby.SharedData("real/tabletop-a");
        foreach (string folder in (string[])["rgb", "depth"])
        {
            Directory.CreateDirectory(Path.Combine(work.Path, folder));
            string from = Directory.GetFiles(Path.Combine(real, folder)).Order(StringComparer.Ordinal).First();
            File.Copy(from, Path.Combine(work.Path, folder, Path.GetFileName(from)));
        }

        File.Copy(Path.Combine(real, "camera.yaml"), Path.Combine(work.Path, "camera.yaml"));
        work.Write("dataset.yaml", FormattableString.Invariant($"depth_scale: {scale}\n"));

        Vbedge.Result result = await Vbedge.RunAsync("eval", work.Path);

        Assert.All(said, text => Assert.Contains(text, result.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Eval_NoTrueDepth_IsAnError()
    {
        using var work = new WorkFolder();
        string set = Path.Combine(work.Path, "set"), real = Nearby.SharedData("real/tabletop-a");
        Directory.CreateDirectory(Path.Combine(set, "rgb"));
        Directory.CreateDirectory(Path.Combine(set, "depth"));
        File.Copy(Path.Combine(real, "camera.yaml"), Path.Combine(set, "camera.yaml"));
        File.Copy(Path.Combine(real, "rgb", "000.jpg"), Path.Combine(set, "rgb", "000.jpg"));
        using (var nothing = new OpenCvSharp.Mat(480, 640, OpenCvSharp.MatType.CV_16UC1, OpenCvSharp.Scalar.All(0)))
        {
            Assert.True(OpenCvSharp.Cv2.ImWrite(Path.Combine(set, "depth", "000.png"), nothing));
        }

        await RefusesAsync(2, _ => ["eval", set], "nothing was measured", "depth_scale");
    }

    [Theory]
    [InlineData(2, "run", "--hfov", "sixty", "--json")]
    [InlineData(2, "run", "no-such.yaml", "--json")]
    [InlineData(1, "infer", "no-such.jpg", "--hfov", "60", "--json")]
    [InlineData(2, "eval", "no-such-folder", "--json")]
    [InlineData(1, "listen", "--mqtt", "127.0.0.1:1", "--seconds", "1", "--json")]
    public async Task Json_OnFailure_EndsWithAnObjectThatHasErrorAndExitCode(int exitCode, params string[] args)
    {
        using var work = new WorkFolder();

        Vbedge.Result result = await Vbedge.RunInAsync(work.Path, args);

        Assert.True(result.ExitCode == exitCode, result.ToString());
        using var last = System.Text.Json.JsonDocument.Parse(result.Output.Trim().Split('\n')[^1]);
        Assert.Equal(exitCode, last.RootElement.GetProperty("exit_code").GetInt32());
        Assert.NotEmpty(last.RootElement.GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task Run_InterruptedWhileItOpensACamera_ExitsWith130AndSaysNothingElse()
    {
        using var work = new WorkFolder();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var run = Vbedge.Start(
            "run", work.WritePipeline(), "--source", $"rtsp://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/x", "--hfov", "60", "--no-view", "--json");
        using TcpClient camera = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);

        run.Interrupt();
        Vbedge.Result result = await run.ExitAsync();

        Assert.True(result.ExitCode == 130, result.ToString());
        Assert.Equal("", result.Error);
        Assert.Equal(130, result.Json.GetProperty("exit_code").GetInt32());
    }

    [Fact]
    public Task Run_EmptySource() => RefusesAsync(2, _ => ["run", "--source", ""], "--source: expected a text", "e.g. --source clip.mp4");

    [Fact]
    public Task Run_YamlWithFiveMistakes_TellsAllWithTheirPlaces() => RefusesAsync(
        2,
        w => ["run", w.WritePipeline(t => t
            .Replace("version: 1", "version: 7", StringComparison.Ordinal)
            .Replace("device: test", "devise: test", StringComparison.Ordinal)
            .Replace("every: 3", "every: 0", StringComparison.Ordinal)
            .Replace("queue: 32", "queue: many", StringComparison.Ordinal)
            .Replace("loop: true", "loop: perhaps", StringComparison.Ordinal))],
        "pipeline.yaml:1:", "version", "devise", "device", "every", "queue", "loop");

    [Fact]
    public Task Run_ContradictingKeys_AreTold() => RefusesAsync(
        2,
        w => ["run", w.WritePipeline(t => t
            .Replace("mqtt:", "streams: {color: false}\nmqtt:\n  home_assistant: true", StringComparison.Ordinal)
            .Replace("zeromq:", "zeromq:\n  curve_secret_key_file: a\n  curve_secret_key_variable: B", StringComparison.Ordinal))],
        "home_assistant", "curve_secret_key_file");

    [Fact]
    public Task Run_CurveAllowList_RefusedWithTheReason() => RefusesAsync(
        2, w => ["run", w.WritePipeline(t => t.Replace(
            "zeromq:", "zeromq:\n  curve_allowed_keys: [a, b]", StringComparison.Ordinal))], "curve_allowed_keys", "no ZAP", "client certificates");

    [Fact]
    public Task Run_CalibrationOfAnotherShape() => RefusesAsync(
        1,
        w => ["run", w.WritePipeline(), "--source", Nearby.SharedData("video/solidWhiteRight.mp4"), "--camera", Path.Combine(
            WorkFolder.Assets, "calibration", "demo-room.yaml")],
        "640×480", "960×540");

    [Fact]
    public async Task Run_MqttPortInUse()
    {
        using var work = new WorkFolder();
        using var taken = new TcpListener(IPAddress.Loopback, work.MqttPort);
        taken.Start();

        await RefusesAsync(1, _ => ["run", work.WritePipeline(), "--frames", "5"], $"{work.MqttPort}");
    }

    [Fact]
    public Task Run_UnreachableBroker() => RefusesAsync(
        1,
        w => ["run", w.WritePipeline(t => t.Replace(
            "embedded: {port: " + w.MqttPort + "}", "broker: {host: 127.0.0.1, require: true, port: " + w.MqttPort + "}", StringComparison.Ordinal))],
        "127.0.0.1");

    [Fact]
    public Task Run_NoFrames() => RefusesAsync(2, _ => ["run", "--frames", "0"], "--frames");

    [Fact]
    public Task Record_NoFrames() => RefusesAsync(2, _ => ["record", "out.mcap", "--frames", "0"], "--frames");

    [Fact]
    public Task Run_UnknownOption() => RefusesAsync(2, _ => ["run", "--loud"], "--loud");

    [Fact]
    public Task Run_UnknownInstruction() => RefusesAsync(2, w => ["run", w.WritePipeline(), "--instruction", "sing a song"], "sing a song");

    [Fact]
    public Task ModelVerify_OneByteChanged() => WithModelAsync(
        (_, onnx) =>
        {
            byte[] bytes = File.ReadAllBytes(onnx);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(onnx, bytes);
        },
        "SHA-256");

    [Fact]
    public Task ModelVerify_CorruptOnnxWithMatchingHash() => WithModelAsync(
        (yaml, onnx) =>
        {
            byte[] rubbish = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 31))];
            File.WriteAllBytes(onnx, rubbish);
            string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(rubbish));
            File.WriteAllText(yaml, System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(yaml), "sha256: [0-9a-f]+", $"sha256: {hash}"));
        },
        "no ONNX model");

    [Theory]
    [InlineData("broker:99999")]
    [InlineData("broker:port")]
    [InlineData("::1")]
    [InlineData("mqtt://broker")]
    [InlineData("")]
    public Task Listen_BrokerThatIsNoAddress(string address) => RefusesAsync(2, _ => ["listen", "--mqtt", address, "--seconds", "1"], "HOST:PORT");

    [Theory]
    [InlineData("[::1]:1")]
    [InlineData("localhost:1")]
    public Task Listen_NoBrokerThere(string address) => RefusesAsync(1, _ => ["listen", "--mqtt", address, "--seconds", "1"], ":1: ", "a broker runs there");

    [Fact]
    public async Task Run_TruncatedVideo_PlaysWhatIsThere()
    {
        using var work = new WorkFolder();
        byte[] whole = await File.ReadAllBytesAsync(Nearby.SharedData("video/vtest.avi"));
        string cut = Path.Combine(work.Path, "cut.avi");
        await File.WriteAllBytesAsync(cut, whole[..(whole.Length / 20)]);

        Vbedge.Result result = await Vbedge.RunAsync(
            "run", work.WritePipeline(t => t.Replace(
                "pace: none, loop: true", "pace: none", StringComparison.Ordinal)), "--source", cut, "--hfov", "60", "--frames", "400", "--json");

        Assert.True(result.ExitCode is 0 or 1, result.ToString());
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.All(result.Json.GetProperty("sinks").EnumerateArray(), s => Assert.Equal(
            s.GetProperty("captured").GetInt64(),
            s.GetProperty("published").GetInt64() + s.GetProperty("dropped").EnumerateObject().Sum(d => d.Value.GetInt64())));
    }

    private static async Task WithModelAsync(Action<string, string> damage, string expected)
    {
        using var work = new WorkFolder();
        foreach (string file in Directory.GetFiles(WorkFolder.Model))
        {
            File.Copy(file, Path.Combine(work.Path, Path.GetFileName(file)));
        }

        damage(Path.Combine(work.Path, "model.yaml"), Directory.GetFiles(work.Path, "*.onnx")[0]);

        await RefusesAsync(1, _ => ["model", "verify", work.Path], expected);
        await RefusesAsync(1, w => ["run", w.WritePipeline(), "--model", work.Path, "--frames", "5"], expected);
    }

    private static async Task RefusesAsync(int exitCode, Func<WorkFolder, string[]> args, params string[] expected)
    {
        using var work = new WorkFolder();

        Vbedge.Result result = await Vbedge.RunInAsync(work.Path, args(work));

        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.All(expected, e => Assert.Contains(e, result.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", result.Error, StringComparison.Ordinal);
    }
}
