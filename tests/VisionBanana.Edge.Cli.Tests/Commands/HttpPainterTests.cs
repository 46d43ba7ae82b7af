using System.Buffers;
using System.Net;
using System.Text;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Commands;

/// <summary>A painter behind a server, over real HTTP on the loopback.</summary>
public sealed class HttpPainterTests : IDisposable
{
    private const int Width = 24, Height = 16;

    private readonly HttpListener _listener = new();
    private readonly Uri _endpoint;
    private readonly List<string> _prompts = [];
    private readonly CancellationTokenSource _ended = new();
    private Func<HttpListenerContext, byte[], Task> _answer = (context, _) => PaintAsync(context, Width, Height);

    public HttpPainterTests()
    {
        _endpoint = new Uri($"http://127.0.0.1:{WorkFolder.FreePort()}/paint/");
        _listener.Prefixes.Add(_endpoint.ToString());
        _listener.Start();
        _ = ServeAsync();
    }

    public void Dispose()
    {
        _ended.Cancel();
        _listener.Close();
        _ended.Dispose();
    }

    [Fact]
    public void Check_ServerThatPointsElsewhere_IsNotFollowed()
    {
        int asked = 0;
        _answer = (context, _) =>
        {
            asked++;
            context.Response.Redirect($"{_endpoint}other?token=S3CRET");
            context.Response.Close();
            return Task.CompletedTask;
        };
        using HttpPainter painter = Painter();

        var error = Assert.Throws<InferenceException>(painter.Check);

        Assert.Contains("not followed", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("S3CRET", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, asked);
    }

    [Fact]
    public void Paint_Instructions_ArePostedOneByOneWithTheirPrompts()
    {
        using HttpPainter painter = Painter();
        var perceiver = new Perceiver(painter, new InstructionSchedule(
            [new ScheduledInstruction(Instruction.MetricDepth()), new ScheduledInstruction(Instruction.Refer("the mug", new Rgb24(255, 255, 255)))]));
        Assert.True(CameraFrame.CreatePool(1, 48, 32, PixelFormat.Rgb8).TryRent(out CameraFrame? picture));
        using (picture)
        {
            picture.Pixels.Fill(200);
            picture.Intrinsics = CameraIntrinsics.FromHorizontalFov(48, 32, 60);

            Assert.Null(perceiver.Perceive(picture, out PerceptionFrame? frame));

            using (frame)
            {
                // Pure red is 0.8012 m on the walk.
                Assert.All(frame!.Find(PerceptKind.Depth)!.Depth.ToArray(), d => Assert.Equal(0.8012f, d, 1e-3f));
                Assert.NotNull(frame.Find(PerceptKind.Mask));
            }
        }

        Assert.Equal([Instruction.MetricDepth().Prompt, Instruction.Refer("the mug", new Rgb24(255, 255, 255)).Prompt], _prompts);
    }

    [Fact]
    public void Paint_AlongANearWalk_IsReadAlongIt()
    {
        using var painter = new HttpPainter(
            Options() with { Walk = new DepthWalk(DepthWalk.Paper.Corners, -3, 1.0 / 3) }, new OpenCvImageEncoder(), new OpenCvImageDecoder());
        Assert.True(PerceptionFrame.CreatePool(1, Width, Height).TryRent(out PerceptionFrame? frame));
        using (frame)
        {
            painter.Paint(frame, [Instruction.MetricDepth()]);

            Percept percept = frame.Find(PerceptKind.Depth)!;
            Assert.True(percept.PainterGaveValues);
            Assert.All(percept.Depth.ToArray(), d => Assert.Equal(0.08012f, d, 1e-4f));
            Assert.All(percept.Confidence.ToArray(), c => Assert.Equal(1, c, 0.01f));
        }
    }

    [Theory]
    [InlineData(0.8, 10.0 / 3, null)]
    [InlineData(0.8, 1.0 / 3, "a factor of 9.98")]
    [InlineData(4, 10.0 / 3, "expected 4 m within 25 %")]
    public void Check_KnownDistance_TellsAnotherWalk(double distance, double c, string? expected)
    {
        using var work = new WorkFolder();
        string picture = Path.Combine(work.Path, "tape.png");
        using (var grey = new OpenCvSharp.Mat(Height, Width, OpenCvSharp.MatType.CV_8UC3, OpenCvSharp.Scalar.All(90)))
        {
            Assert.True(OpenCvSharp.Cv2.ImWrite(picture, grey));
        }

        using var painter = new HttpPainter(
            Options() with { Walk = new DepthWalk(DepthWalk.Paper.Corners, -3, c), Known = new KnownDistance(picture, 12, 8, distance) },
            new OpenCvImageEncoder(), new OpenCvImageDecoder());

        if (expected is null)
        {
            painter.Check();
        }
        else
        {
            Assert.Contains(expected, Assert.Throws<InferenceException>(painter.Check).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Paint_AnotherSize_IsRefused()
    {
        _answer = (context, _) => PaintAsync(context, 2 * Width, 2 * Height);
        AssertFails("painted 48×32, expected 24×16");
    }

    [Fact]
    public void Paint_NoPicture_IsRefused()
    {
        _answer = (context, _) => RespondAsync(context, 200, "not a picture"u8.ToArray());
        AssertFails("no picture");
    }

    [Fact]
    public void Paint_ServerError_TellsWhatItSaid()
    {
        _answer = (context, _) => RespondAsync(context, 500, "out of memory on the card"u8.ToArray());
        AssertFails("500", "out of memory on the card");
    }

    [Fact]
    public void Paint_NoAnswerInTime_SaysSo()
    {
        _answer = (_, _) => Task.Delay(Timeout.Infinite, _ended.Token);
        using HttpPainter painter = Painter(timeoutSeconds: 0.2);
        var error = Assert.Throws<InferenceException>(painter.Check);
        Assert.Contains("no painting within 0.2 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paint_NobodyThere_SaysSo()
    {
        _listener.Stop();
        AssertFails("Is the painter's server running there?");
    }

    [Theory]
    [InlineData("ftp://host/paint", 8)]
    [InlineData("http://host/paint", 0)]
    public void Create_EndpointOrSizeThatCannotBe_IsRefused(string endpoint, int width) => Assert.Throws<ConfigurationException>(() => new HttpPainter(
        new HttpPainterOptions { Endpoint = new Uri(endpoint), Width = width, Height = 8 }, new OpenCvImageEncoder(), new OpenCvImageDecoder()));

    /// <summary>The server of models/bring-your-own, with random answers, under the verb that users run.</summary>
    [Fact]
    public async Task Infer_ReplicaServer_PaintsEveryKind()
    {
        using var work = new WorkFolder();
        int port = WorkFolder.FreePort();
        string script = Path.Combine(Nearby.RepositoryRoot, "models", "bring-your-own", "replica_server.py");
        const string Python = "/usr/bin/python3";
        if (!File.Exists(Python) || !await ExternalProcess.SucceedsAsync(Python, "-c", "import numpy, cv2"))
        {
            Assert.Skip("Debian's python3-numpy and python3-opencv are not installed here");
        }

        using var server = new ExternalProcess(Python, [script, "--random", "--port", $"{port}"]);
        await server.WaitForLineAsync(l => l.StartsWith("painting on", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        string painter = work.Write("http.yaml", $$"""
            endpoint: http://127.0.0.1:{{port}}/paint
            width: 160
            height: 120
            classes: [{name: floor, colour: "#987654"}, {name: background, colour: black}]
            """);
        string picture = Path.Combine(work.Path, "grey.png");
        using (var grey = new OpenCvSharp.Mat(120, 160, OpenCvSharp.MatType.CV_8UC3, OpenCvSharp.Scalar.All(90)))
        {
            Assert.True(OpenCvSharp.Cv2.ImWrite(picture, grey));
        }

        Vbedge.Result result = await Vbedge.RunInAsync(
            work.Path, "infer", picture, "--hfov", "60", "--model", painter, "--instruction", "depth", "--instruction", "labels", "--instruction", "normals",
            "-o", "out", "--json");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.InRange(result.Json.GetProperty("depth_m").GetDouble(), 0.5, 5);
        Assert.Equal(1, result.Json.GetProperty("labels").GetProperty("floor").GetDouble());
        Assert.True(File.Exists(Path.Combine(work.Path, "out", "grey.painting-normals.png")));

        // The same server under a pipeline: recorded with the file that names it.
        string pipeline = work.Write("pipeline.yaml", $$"""
            version: 1
            device: test
            camera: {source: "{{picture}}", hfov_deg: 60}
            painter: {model: ./http.yaml}
            instructions: [{ask: depth}, {ask: labels}]
            """);
        Vbedge.Result run = await Vbedge.RunInAsync(work.Path, "run", pipeline, "--no-view", "--record", "run.mcap", "--json");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(1, run.Json.GetProperty("sinks")[0].GetProperty("published").GetInt64());
        Assert.Contains(
            "width: 160", System.Text.Encoding.UTF8.GetString(await File.ReadAllBytesAsync(Path.Combine(work.Path, "run.mcap"))), StringComparison.Ordinal);

        Vbedge.Result refused = await Vbedge.RunInAsync(work.Path, "run", pipeline, "--no-view", "--record", "no.mcap", "--precision", "int8");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("names a server that paints: leave them out", refused.Error, StringComparison.Ordinal);

        Vbedge.Result bench = await Vbedge.RunInAsync(work.Path, "bench", pipeline);
        Assert.Equal(2, bench.ExitCode);
        Assert.Contains("Name a model package", bench.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_HttpFileThatIsWrong_TellsEverything()
    {
        using var work = new WorkFolder();
        string painter = work.Write(
            "http.yaml", "endpoint: nowhere\nwidth: 4\ncolour: red\nlambda: -0.5\ncheck: {picture: a.png}\ntoken_variable: VBEDGE_NO_SUCH_TOKEN\n");

        Vbedge.Result result = await Vbedge.RunInAsync(work.Path, "infer", "a.png", "--hfov", "60", "--model", painter);

        Assert.Equal(2, result.ExitCode);
        foreach (string part in (string[])["endpoint", "width", "height", "colour: unknown key", "lambda", "check.pixel", "VBEDGE_NO_SUCH_TOKEN"])
        {
            Assert.Contains(part, result.Error, StringComparison.Ordinal);
        }
    }

    private void AssertFails(params string[] parts)
    {
        using HttpPainter painter = Painter();
        var error = Assert.Throws<InferenceException>(painter.Check);
        Assert.All(parts, p => Assert.Contains(p, error.Message, StringComparison.Ordinal));
        Assert.Contains("127.0.0.1", error.Message, StringComparison.Ordinal);
    }

    private HttpPainter Painter(double timeoutSeconds = 30) => new(Options(timeoutSeconds), new OpenCvImageEncoder(), new OpenCvImageDecoder());

    private HttpPainterOptions Options(double timeoutSeconds = 30) =>
        new() { Endpoint = _endpoint, Width = Width, Height = Height, Timeout = TimeSpan.FromSeconds(timeoutSeconds) };

    private static Task PaintAsync(HttpListenerContext context, int width, int height)
    {
        byte[] red = new byte[width * height * 3];
        for (int i = 0; i < red.Length; i += 3)
        {
            red[i] = 255;
        }

        using var encoder = new OpenCvImageEncoder();
        var png = new ArrayBufferWriter<byte>();
        encoder.EncodePng(red, width, height, png);
        return RespondAsync(context, 200, png.WrittenSpan.ToArray());
    }

    private static async Task RespondAsync(HttpListenerContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        await context.Response.OutputStream.WriteAsync(body);
        context.Response.Close();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                string form = Encoding.UTF8.GetString(body.ToArray());
                int at = form.IndexOf("name=prompt", StringComparison.Ordinal);
                _prompts.Add(form[at..].Split("\r\n\r\n")[1].Split("\r\n--")[0]);
                await _answer(context, body.ToArray());
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The test is over.
        }
    }
}
