using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using VisionBanana.Edge.Recording;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Shell;

/// <summary>Secrets in the address of a camera, looked for in everything that a run says, serves, sends and writes.</summary>
public sealed class PlantedSecretTests
{
    private const string User = "PLANTED-USER", Password = "PLANTED-PASSWORD", Token = "PLANTED-TOKEN";

    public PlantedSecretTests() => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(f => File.Exists(Path.Combine(f, "ffmpeg"))), "the ffmpeg program is not installed");

    [Fact]
    public async Task Run_CameraWithSecrets_TellsThemNowhere()
    {
        using var work = new WorkFolder();
        using var camera = new Camera();
        int port = WorkFolder.FreePort();
        string recording = Path.Combine(work.Path, "run.mcap");
        string pipeline = work.WritePipeline(t => t.Replace(
            $"{{address: \"{WorkFolder.Demo}/room.mp4\", pace: none, loop: true}}",
            $"{{address: \"http://{User}:{Password}@127.0.0.1:{camera.Port}/video?token={Token}&channel=1\", ffmpeg_options: [-headers, \"X-Key: {Token}\"]}}",
            StringComparison.Ordinal).Replace($"calibration: \"{WorkFolder.Assets}/calibration/demo-room.yaml\"", "hfov_deg: 60", StringComparison.Ordinal)
            + $"\nview: {{port: {port}}}\n");
        var seen = new List<(string Where, string Text)>();

        // Connections are kept short, so that it says how it is lost and found again.
        await using var vbedge = Vbedge.Start("run", pipeline, "--json", "--record", recording);
        await vbedge.ListeningAsync(port);
        await using var listener = Vbedge.Start("listen", "--mqtt", $"127.0.0.1:{work.MqttPort}", "--seconds", "8", "--json");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromSeconds(30) };
        var time = Stopwatch.StartNew();
        while (camera.Connections < 3 && time.Elapsed < TimeSpan.FromSeconds(60))
        {
            foreach (string page in new[] { "healthz", "metrics", "" })
            {
                seen.Add((page, await client.GetStringAsync(page)));
            }

            seen.AddRange(CommandLines().Select(c => ("command line", c)));
            await Task.Delay(200);
        }

        vbedge.Interrupt();
        Vbedge.Result result = await vbedge.ExitAsync();
        Vbedge.Result heard = await listener.ExitAsync();
        seen.AddRange([("output", result.Output), ("error", result.Error), ("listen", heard.Output + heard.Error)]);
        seen.Add(("recording", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(recording))));
        using (var reader = McapReader.Open(recording))
        {
            seen.AddRange(reader.ReadMessages().Select(m => ("message", Encoding.UTF8.GetString(m.Data.Span))));
        }

        seen.Add(("info", (await Vbedge.RunAsync("doctor", pipeline)).ToString()));

        Assert.True(camera.Connections >= 3, $"the camera was asked {camera.Connections} times: {result}");
        Assert.True(camera.WasTold, "the camera itself is told");
        Assert.Contains(seen, s => s.Where == "command line" && s.Text.Contains($"127.0.0.1:{camera.Port}/video", StringComparison.Ordinal));
        Assert.Contains(seen, s => s.Where == "output" && s.Text.Contains($"…@127.0.0.1:{camera.Port}/video?token=…", StringComparison.Ordinal));
        Assert.Contains(seen, s => s.Where == "message" && s.Text.Contains($"127.0.0.1:{camera.Port}/video", StringComparison.Ordinal));
        Assert.All(seen, s => Assert.False(s.Text.Contains("PLANTED", StringComparison.Ordinal), $"{s.Where}: {Around(s.Text)}"));
    }

    [Theory]
    [InlineData("http://PLANTED-USER:PLANTED-PASSWORD@127.0.0.1:1/x?token=PLANTED-TOKEN")]
    [InlineData("rtsp://PLANTED-USER:PLANTED/PASSWORD@127.0.0.1:1/x")]
    [InlineData("rtmp://127.0.0.1:1/app/PLANTED-TOKEN")]
    [InlineData("tcp://127.0.0.1:1?password=PLANTED-PASSWORD")]
    [InlineData("gopher://PLANTED-USER:PLANTED-PASSWORD@host/x")]
    [InlineData("PLANTED-USER:PLANTED-PASSWORD@host/x")]
    [InlineData("http://PLANTED-USER:PLANTED-PASSWORD@127.0.0.1:port/x")]
    public async Task Run_SourceThatFails_SaysItWithoutSecrets(string source)
    {
        using var work = new WorkFolder();
        string pipeline = work.WritePipeline(t => t.Replace("loop: true", "loop: true, require: true", StringComparison.Ordinal));
        foreach (string[] command in new string[][] { ["run", pipeline, "--json", "--no-view"], ["bench", "--seconds", "1"] })
        {
            Vbedge.Result result = await Vbedge.RunAsync([.. command, "--source", source, "--hfov", "60"]);
            Assert.NotEqual(0, result.ExitCode);
            Assert.DoesNotContain("PLANTED", result.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_SecretsThatOthersCanRead_AreWarnedAbout()
    {
        using var work = new WorkFolder();
        string key = work.Write("curve.secret", new string('a', 40));
        string painter = work.Write("http.yaml", "endpoint: http://192.0.2.1:9/paint?token=PLANTED\nwidth: 64\nheight: 64\ntimeout_ms: 200\n");
        string pipeline = work.WritePipeline(t => t
            .Replace($"\"{WorkFolder.Model}\"", $"\"{painter}\"", StringComparison.Ordinal)
            .Replace("zeromq:", "zeromq:\n  curve_secret_key_file: curve.secret", StringComparison.Ordinal)
            .Replace($"embedded: {{port: {work.MqttPort}}}", "broker: {host: 192.0.2.1, user: robot, password_variable: PATH}", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        }

        Vbedge.Result result = await Vbedge.RunAsync("run", pipeline, "--no-view");

        Assert.Contains("chmod 600", result.Error, StringComparison.Ordinal);
        Assert.Contains("mqtt.broker.tls", result.Error, StringComparison.Ordinal);
        Assert.Contains("use https", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("PLANTED", result.ToString(), StringComparison.Ordinal);
    }

    private static string Around(string text)
    {
        int at = text.IndexOf("PLANTED", StringComparison.Ordinal), start = Math.Max(0, at - 60);
        return text[start..Math.Min(text.Length, at + 40)];
    }

    /// <summary>Of FFmpeg alone: our own holds a path.</summary>
    private static IEnumerable<string> CommandLines() => Directory.GetDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])).Select(d =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(d, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }).Where(c => c.Contains("ffmpeg", StringComparison.Ordinal));

    /// <summary>Motion JPEG over HTTP that asks for a login and hangs up after some pictures.</summary>
    private sealed class Camera : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly byte[] _picture;
        private int _connections;

        public Camera()
        {
            using var mat = new OpenCvSharp.Mat(240, 320, OpenCvSharp.MatType.CV_8UC3, OpenCvSharp.Scalar.All(90));
            _picture = mat.ToBytes(".jpg");
            _listener.Start();
            _ = Accept();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Connections => Volatile.Read(ref _connections);

        public bool WasTold { get; private set; }

        public void Dispose() => _listener.Dispose();

        private async Task Accept()
        {
            while (true)
            {
                try
                {
                    _ = Serve(await _listener.AcceptTcpClientAsync());
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    return;
                }
            }
        }

        private async Task Serve(TcpClient client)
        {
            try
            {
                using (client)
                using (var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true))
                {
                    var head = new StringBuilder();
                    while (await reader.ReadLineAsync() is { Length: > 0 } line)
                    {
                        head.Append(line).Append('\n');
                    }

                    NetworkStream stream = client.GetStream();
                    string login = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{User}:{Password}")), asked = head.ToString();
                    if (!asked.Contains($"Basic {login}", StringComparison.Ordinal))
                    {
                        await stream.WriteAsync("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"camera\"\r\nContent-Length: 0\r\n\r\n"u8
                            .ToArray());
                        return;
                    }

                    WasTold |= asked.Contains($"?token={Token}&channel=1", StringComparison.Ordinal)
                        && asked.Contains($"X-Key: {Token}", StringComparison.Ordinal);
                    Interlocked.Increment(ref _connections);
                    await stream.WriteAsync("HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n"u8.ToArray());
                    for (int i = 0; i < 40; i++)
                    {
                        await stream.WriteAsync(Encoding.ASCII.GetBytes($"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {_picture.Length}\r\n\r\n"));
                        await stream.WriteAsync(_picture);
                        await stream.WriteAsync("\r\n"u8.ToArray());
                        await Task.Delay(100);
                    }
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // It had enough.
            }
        }
    }
}
