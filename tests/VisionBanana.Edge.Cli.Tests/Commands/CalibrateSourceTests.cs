using System.Net;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Commands;

/// <summary><c>vbedge calibrate … --source</c>: a live camera, and the page that shows what is covered.</summary>
public sealed class CalibrateSourceTests
{
    private static string[] Boards =>
        [.. Directory.GetFiles(Path.GetDirectoryName(Nearby.SharedData("boards/left01.jpg"))!, "left*.jpg").Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Calibrate_LiveCamera_ShowsCoverageAndSolves()
    {
        RequireFfmpeg();
        using var work = new WorkFolder();
        using var camera = new NetworkCamera(Boards, TimeSpan.FromMilliseconds(250));
        int port = WorkFolder.FreePort();
        string output = Path.Combine(work.Path, "camera.yaml");
        await using var vbedge = Vbedge.Start(
            "calibrate", "chessboard", "--source", camera.Url, "--pattern", "9x6", "--square", "0.025", "--model", "plumb_bob", "--frames", "30",
            "--view", $"127.0.0.1:{port}", "-o", output, "--json");
        await vbedge.ListeningAsync(port);

        using var browser = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        string page = await browser.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), TestContext.Current.CancellationToken);
        using Stream live = await browser.GetStreamAsync(new Uri($"http://127.0.0.1:{port}/live"), TestContext.Current.CancellationToken);
        byte[] begin = new byte[2000];
        await live.ReadExactlyAsync(begin, TestContext.Current.CancellationToken);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/live") { Headers = { Host = "evil.example" } };
        using HttpResponseMessage refused = await browser.SendAsync(foreign, TestContext.Current.CancellationToken);
        Vbedge.Result result = await vbedge.ExitAsync();

        Assert.Contains("src=\"/live\"", page, StringComparison.Ordinal);
        Assert.Contains("image/jpeg", System.Text.Encoding.Latin1.GetString(begin), StringComparison.Ordinal);
        Assert.True(begin.AsSpan().IndexOf((byte[])[0xFF, 0xD8, 0xFF]) > 0, "a JPEG");
        Assert.Equal(HttpStatusCode.MisdirectedRequest, refused.StatusCode);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.InRange(result.Json.GetProperty("rms").GetDouble(), 0.05, 0.6);
        Assert.InRange(result.Json.GetProperty("cameras")[0].GetProperty("fx").GetDouble(), 520, 552);
        Assert.True(File.Exists(output));
    }

    [Fact]
    public async Task Calibrate_LiveCameraAndCtrlC_SolvesWhatWasSeen()
    {
        RequireFfmpeg();
        using var work = new WorkFolder();
        using var camera = new NetworkCamera(Boards, TimeSpan.FromMilliseconds(200));
        int port = WorkFolder.FreePort();
        await using var vbedge = Vbedge.Start(
            "calibrate", "chessboard", "--source", camera.Url, "--square", "0.025", "--model", "plumb_bob", "--view", $"127.0.0.1:{port}",
            "-o", Path.Combine(work.Path, "camera.yaml"));
        await vbedge.ListeningAsync(port);
        await vbedge.WaitForErrorAsync(" views, points in ");
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);

        vbedge.Interrupt();
        Vbedge.Result result = await vbedge.ExitAsync();

        // What was seen within the time decides: a camera, or how many views are missing.
        Assert.True(result.ExitCode == 0 ? result.Output.Contains("rms", StringComparison.Ordinal)
            : result.Error.Contains("A camera is solved from 3 views", StringComparison.Ordinal), result.ToString());
    }

    [Fact]
    public async Task Calibrate_ViewAndNoView_IsRefused()
    {
        Vbedge.Result result = await Vbedge.RunAsync(
            "calibrate", "chessboard", "--source", "clip.mp4", "--square", "0.025", "--view", "127.0.0.1:9000", "--no-view");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--no-view contradicts --view", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calibrate_Pair_WritesBothCamerasAndAPageOfThePair()
    {
        using var work = new WorkFolder();
        string folder = Path.GetDirectoryName(Boards[0])!, page = Path.Combine(work.Path, "pair.html"), output = Path.Combine(work.Path, "camchain.yaml");

        Vbedge.Result result = await Vbedge.RunAsync(
            "calibrate", "chessboard", "--images", Path.Combine(folder, "left0*.jpg"), "--right", Path.Combine(folder, "right0*.jpg"), "--square", "0.025",
            "--model", "plumb_bob", "-o", output, "--report", page, "--json");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(0.083, result.Json.GetProperty("pair").GetProperty("baseline_m").GetDouble(), 0.001);
        string html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        Assert.Contains("<h1>Pair</h1>", html, StringComparison.Ordinal);
        Assert.Contains("<h1>left</h1>", html, StringComparison.Ordinal);
        Assert.Contains("<h1>right</h1>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mount_MarkerThatIsNotThere_SaysSo()
    {
        Vbedge.Result result = await Vbedge.RunAsync(
            "calibrate", "mount", "marker", "--image", Boards[0], "--camera", Path.Combine(Nearby.RepositoryRoot, "calibration", "board-camera.yml"),
            "--id", "7", "--size", "0.15", "--position", "1.5,0,0.4", "--rpy", "0,0,180");
        Vbedge.Result wrong = await Vbedge.RunAsync(
            "calibrate", "mount", "marker", "--image", Boards[0], "--camera", "x.yaml", "--size", "0.15", "--position", "1.5;0", "--rpy", "0,0,180");

        Assert.Contains("No marker 7 of 5X5_100, 150 mm was found", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("--position: expected three numbers, -1000 to 1000 m", wrong.Error, StringComparison.Ordinal);
    }

    private static void RequireFfmpeg() => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(f => File.Exists(Path.Combine(f, "ffmpeg"))), "the ffmpeg program is not installed");
}
