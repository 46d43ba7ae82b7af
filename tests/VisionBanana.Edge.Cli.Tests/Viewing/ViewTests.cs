using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using VisionBanana.Edge.Cli.Network;
using VisionBanana.Edge.Cli.Viewing;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Cli.Tests.Viewing;

/// <summary>The server of the live view, seen from outside; what is seen in it is in <see cref="ViewBrowserTests"/>.</summary>
public sealed class ViewTests(ViewRun run) : IClassFixture<ViewRun>
{
    private const string EveryLayer = """{"type":"want","layers":["color","depth","confidence","painting","labels","normals","rays"]}""";

    [Fact]
    public async Task Get_ThePage_HealthAndMetrics_AreServedWithAPolicy()
    {
        Assert.Equal("ok\n", await run.Client.GetStringAsync("healthz"));
        string metrics = await run.Client.GetStringAsync("metrics");
        foreach (string name in (string[])[
            "vbedge_captured_total{sink=\"view\",camera=\"room\"}", "vbedge_published_total{sink=\"mqtt\",camera=\"room\"}",
            "vbedge_stage_seconds{stage=\"paint\",quantile=\"0.95\",camera=\"room\"}",
            "vbedge_stage_recent_seconds{stage=\"paint\",quantile=\"0.95\",camera=\"room\"}", "process_managed_heap_bytes", "process_threads",
            "process_open_handles",
            "vbedge_info{device=\"test\",camera=\"room\",model=\"painter-s"])
        {
            Assert.Contains(name, metrics, StringComparison.Ordinal);
        }

        using HttpResponseMessage page = await run.Client.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        string policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(page.Headers.Contains("Server"));
        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using HttpResponseMessage unchanged = await run.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using HttpResponseMessage posted = await run.Client.PostAsync("/", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Theory]
    [InlineData("/../../../../../../etc/passwd")]
    [InlineData("/..%2f..%2f..%2f..%2fetc/passwd")]
    [InlineData("/%2e%2e/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/..\\..\\etc\\passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("/view/index.html")]
    [InlineData("/captures/")]
    [InlineData("/appsettings.json")]
    public async Task Get_APathThatIsNoFileOfThePage_IsNotThere(string path) => Assert.Matches(
        "^HTTP/1.1 (404|400) ", await run.RawAsync($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"));

    [Fact]
    public async Task Request_ByAnotherNameOrOfAnotherSite_IsRefused()
    {
        Assert.StartsWith("HTTP/1.1 421", await run.RawAsync("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await run.RawAsync("GET / HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        foreach (string origin in (string[])["http://evil.example", "http://127.0.0.1:1", "null", "file://"])
        {
            using ViewSocket foreign = await ViewSocket.ConnectAsync(run.Port, origin);
            Assert.Equal((origin, HttpStatusCode.Forbidden), (origin, foreign.Status));
        }

        using ViewSocket own = await ViewSocket.ConnectAsync(run.Port, run.Address.TrimEnd('/'));
        Assert.Equal(WebSocketState.Open, own.State);
    }

    [Fact]
    public async Task Request_WhileSixtyOthersAreHeldHalfOpen_IsAnswered()
    {
        using HalfOpen halfOpen = await HalfOpen.OpenAsync(run.Port, 60);
        Assert.StartsWith(
            "HTTP/1.1 200", await run.RawAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        using HalfOpen more = await HalfOpen.OpenAsync(run.Port, 60);
        using ViewSocket page = await ViewSocket.ConnectAsync(run.Port);
        await page.TextAsync("hello");
    }

    [Fact]
    public async Task Request_ThatIsTooLarge_IsRefused()
    {
        Assert.StartsWith("HTTP/1.1 414", await run.RawAsync($"GET /{new string('a', 10_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith(
            "HTTP/1.1 431", await run.RawAsync($"GET / HTTP/1.1\r\nHost: localhost\r\nX: {new string('a', 60_000)}\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Want_AllLayers_GivesPicturesOnlyWhenTheLastOnesWereShown()
    {
        using ViewSocket page = await ViewSocket.ConnectAsync(run.Port);
        JsonElement hello = await page.TextAsync("hello");
        Assert.StartsWith("painter-s", hello.GetProperty("model").GetString(), StringComparison.Ordinal);
        await page.SendAsync(EveryLayer);

        JsonElement first = await page.PictureAsync(), second = await page.PictureAsync();

        Assert.Equal((192, 144), (first.GetProperty("width").GetInt32(), first.GetProperty("height").GetInt32()));
        string[] layers = LayersOf(first);
        Assert.Contains("rays", layers);
        Assert.Contains("depth", layers);
        Assert.DoesNotContain("normals", layers);
        Assert.DoesNotContain("rays", LayersOf(second));
        Assert.True(second.GetProperty("seq").GetInt64() > first.GetProperty("seq").GetInt64());

        // Two are on the way: nothing more comes while ten pass by, and then the newest one does.
        double seen = await run.MetricAsync("vbedge_perceived_total");
        await run.WaitForMetricAsync("vbedge_perceived_total", n => n > seen + 10);
        await page.SendAsync($$"""{"type":"shown","seq":{{second.GetProperty("seq").GetInt64()}}}""");
        JsonElement third = await page.PictureAsync();
        Assert.True(third.GetProperty("seq").GetInt64() >= second.GetProperty("seq").GetInt64() + 10);
    }

    [Fact]
    public async Task Want_WhilePaused_GivesTheLastLabelsToo()
    {
        using ViewSocket first = await ViewSocket.ConnectAsync(run.Port);
        await first.SendAsync(EveryLayer);
        for (JsonElement picture = await first.PictureAsync(); !LayersOf(picture).Contains("labels"); picture = await first.PictureAsync())
        {
            await first.SendAsync($$"""{"type":"shown","seq":{{picture.GetProperty("seq").GetInt64()}}}""");
        }

        await first.SendAsync("""{"type":"pause","on":true,"id":1}""");
        await first.TextAsync("answer");
        using ViewSocket late = await ViewSocket.ConnectAsync(run.Port);
        await late.SendAsync(EveryLayer);
        string[] layers = LayersOf(await late.PictureAsync());
        await first.SendAsync("""{"type":"pause","on":false,"id":2}""");
        await first.TextAsync("answer");

        Assert.Contains("labels", layers);
        Assert.Contains("depth", layers);
    }

    [Fact]
    public async Task Instructions_WithAMistake_AreRefusedWithItsPlaceAndWithoutOneTaken()
    {
        using ViewSocket page = await ViewSocket.ConnectAsync(run.Port);
        JsonElement before = await page.TextAsync("state");

        await page.SendAsync(
            """{"type":"instructions","id":1,"instructions":["depth","Generate a surfce normal map of the input image.","instances:unicorn"]}""");
        JsonElement refused = await page.TextAsync("answer");
        await page.SendAsync("""{"type":"instructions","id":2,"instructions":["depth",{"ask":"normals","every":2}]}""");
        JsonElement state = await page.TextAsync("state");
        JsonElement taken = await page.TextAsync("answer");
        await page.SendAsync($$"""{"type":"instructions","id":3,"instructions":[{"ask":"depth"},{"ask":"labels","every":3}]}""");
        JsonElement after = await page.TextAsync("state");

        Assert.False(refused.GetProperty("ok").GetBoolean());
        JsonElement[] problems = [.. refused.GetProperty("problems").EnumerateArray()];
        Assert.Equal((1, 11), (problems[0].GetProperty("index").GetInt32(), problems[0].GetProperty("position").GetInt32()));
        Assert.Equal(2, problems[1].GetProperty("index").GetInt32());
        Assert.True(taken.GetProperty("ok").GetBoolean());
        Assert.Equal(["depth", "normals"], state.GetProperty("instructions").EnumerateArray().Select(i => i.GetProperty("kind").GetString()));
        Assert.Equal(before.GetProperty("instructions").GetRawText(), after.GetProperty("instructions").GetRawText());
    }

    [Fact]
    public async Task RecordAndSnapshot_FromThePage_WriteFilesThatCanBeRead()
    {
        using ViewSocket page = await ViewSocket.ConnectAsync(run.Port);
        await page.SendAsync("""{"type":"snapshot","id":1}""");
        JsonElement snapshot = await page.TextAsync("answer");
        await page.SendAsync("""{"type":"record","id":2,"on":true}""");
        JsonElement begun = await page.TextAsync("answer");
        await run.WaitForMetricAsync("vbedge_published_total{sink=\"mcap\"}", n => n > 10);
        await page.SendAsync("""{"type":"record","id":3,"on":false}""");
        JsonElement ended = await page.TextAsync("answer");

        Assert.True(snapshot.GetProperty("ok").GetBoolean(), snapshot.GetRawText());
        foreach (string suffix in (string[])[".depth.png", ".painting-depth.png", ".labels.png", ".cloud.ply", ".camera.yaml", ".preview.png"])
        {
            string file = Assert.Single(Directory.GetFiles(run.Captures, $"snapshot-*{suffix}"));
            Assert.True(new FileInfo(file).Length > 100);
            Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & (UnixFileMode.OtherRead | UnixFileMode.GroupWrite)) == 0, file);
        }

        Assert.True(begun.GetProperty("ok").GetBoolean(), begun.GetRawText());
        Assert.Contains("messages", ended.GetProperty("note").GetString(), StringComparison.Ordinal);
        using var reader = McapReader.Open(Assert.Single(Directory.GetFiles(run.Captures, "recording-*.mcap")), new McapReaderOptions());
        Assert.True(reader.Recovery.IsComplete);
        string[] books = [.. (await run.Client.GetStringAsync("metrics")).Split('\n').Where(l => l.Contains("sink=\"mcap\"", StringComparison.Ordinal))];
        Assert.True(books.Length == 3, string.Join('\n', books));
        Assert.Equal(await run.MetricAsync("vbedge_published_total{sink=\"mcap\"}"), await run.MetricAsync("vbedge_captured_total{sink=\"mcap\"}"));
    }

    [Theory]
    [InlineData("garbage", WebSocketCloseStatus.PolicyViolation)]
    [InlineData("binary", WebSocketCloseStatus.InvalidMessageType)]
    [InlineData("large", WebSocketCloseStatus.MessageTooBig)]
    [InlineData("flood", WebSocketCloseStatus.PolicyViolation)]
    public async Task Send_WhatNoPageSends_ClosesThatPageAlone(string what, WebSocketCloseStatus status)
    {
        using ViewSocket good = await ViewSocket.ConnectAsync(run.Port);
        await good.SendAsync(EveryLayer);
        using ViewSocket bad = await ViewSocket.ConnectAsync(run.Port);
        Task sending = what switch
        {
            "garbage" => RepeatAsync(10, i => bad.SendAsync(i % 2 == 0 ? "{\"type\":" : "[[[[[[[[[[[[1]]]]]]]]]]]]")),
            "binary" => bad.SendAsync([1, 2, 3], WebSocketMessageType.Binary),
            "large" => bad.SendAsync(new byte[1 << 20], WebSocketMessageType.Text),
            _ => RepeatAsync(3000, i => bad.SendAsync($$"""{"type":"shown","seq":{{i}}}""")),
        };

        await bad.DrainAsync();
        await sending;

        // One that is still sending when it is closed may learn it as a connection that is cut.
        Assert.True(bad.Closed == status || (bad.Closed is null && what is "large" or "flood"), $"{bad.Closed}");
        Assert.True((await good.PictureAsync()).GetProperty("seq").GetInt64() >= 0);
    }

    [Fact]
    public async Task HostilePages_ThatNeverReadOrAreTwoHundred_CostThePipelineNothing()
    {
        string[] drops = ["vbedge_dropped_total{sink=\"mqtt\",reason=\"queue_full\"}", "vbedge_dropped_total{sink=\"zeromq\",reason=\"queue_full\"}"];
        double[] before = [await run.MetricAsync(drops[0]), await run.MetricAsync(drops[1])];
        ViewSocket[] pages = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => ViewSocket.ConnectAsync(run.Port)));
        try
        {
            Assert.InRange(pages.Count(p => p.State == WebSocketState.Open), 1, new ViewOptions().MaxClients);
            foreach (ViewSocket page in pages.Where(p => p.State == WebSocketState.Open))
            {
                // Says that it has shown everything, and reads nothing: what is sent piles up until it is cut off.
                await page.SendAsync(EveryLayer);
                _ = RepeatAsync(400, async _ =>
                {
                    await page.SendAsync("""{"type":"shown","seq":1000000000}""");
                    await Task.Delay(50);
                });
            }

            double perceived = await MetricOfBusyServerAsync("vbedge_perceived_total");
            await run.WaitForMetricAsync("vbedge_perceived_total", n => n > perceived + 100);
            await run.WaitForMetricAsync("vbedge_viewers", n => n == 0);
        }
        finally
        {
            Array.ForEach(pages, p => p.Dispose());
        }

        double[] after = [await run.MetricAsync(drops[0]), await run.MetricAsync(drops[1])];
        Assert.Equal(before, after);
        Assert.Equal(0, await run.MetricAsync("vbedge_leaked_leases"));
        using ViewSocket late = await ViewSocket.ConnectAsync(run.Port);
        await late.SendAsync(EveryLayer);
        await late.PictureAsync();
    }

    [Fact]
    public async Task HostileConnections_ThatSayNothing_AreLetGoOf()
    {
        var sockets = new List<TcpClient>();
        try
        {
            for (int i = 0; i < 200; i++)
            {
                sockets.Add(new TcpClient());
                await sockets[^1].ConnectAsync(IPAddress.Loopback, run.Port);
            }

            // While they are all there it may refuse us; once they have been silent for too long it does not.
            Assert.True(await MetricOfBusyServerAsync("vbedge_perceived_total") > 0);
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task Run_OnANamedPortThatIsTaken_SaysSo()
    {
        Vbedge.Result result = await Vbedge.RunAsync("run", "--view", $"127.0.0.1:{run.Port}", "--frames", "5", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"port {run.Port} on 127.0.0.1 cannot be opened", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--no-view contradicts", "--no-view", "--open")]
    [InlineData("--view: expected an IP address", "--view", "everywhere")]
    public async Task Run_OptionsThatMakeNoSense_AreRefused(string says, params string[] args)
    {
        Vbedge.Result result = await Vbedge.RunAsync(["run", .. args]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhereOthersCanReachIt_AsksForTheToken()
    {
        const string variable = "VBEDGE_TEST_VIEW_TOKEN", token = "a token of 16 characters+";
        Environment.SetEnvironmentVariable(variable, token);
        await using var open = new ViewRun($", address: 0.0.0.0, token_variable: {variable}", [], token);
        await open.InitializeAsync();
        async Task<HttpResponseMessage> GetAsync(string path, string? header = null, string value = "")
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(open.Address), path));
            request.Headers.Add(header ?? "X-None", value);
            using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
            return await client.SendAsync(request);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/view.js")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/metrics", "Authorization", "Bearer another token of the length")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/?token=wrong")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/healthz")).StatusCode);
        using ViewSocket socket = await ViewSocket.ConnectAsync(open.Port);
        Assert.Equal(HttpStatusCode.Unauthorized, socket.Status);

        using HttpResponseMessage first = await GetAsync($"/?token={Uri.EscapeDataString(token)}");
        Assert.Equal((HttpStatusCode.Redirect, "/"), (first.StatusCode, first.Headers.Location!.ToString()));
        string cookie = first.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/", "Cookie", cookie.Split(';')[0])).StatusCode);
    }

    [Fact]
    public void For_AnAddressThatOthersReach_MakesAToken()
    {
        const string variable = "VBEDGE_TEST_VIEW_TOKEN_SHORT";
        var options = new ViewOptions { TokenVariable = variable, Address = IPAddress.Any };
        Assert.Equal(32, TokenFor(options)!.Value.Length);
        Assert.NotEqual(TokenFor(options)!.Value, TokenFor(options)!.Value);
        Assert.Null(TokenFor(options with { Address = IPAddress.IPv6Loopback }));
        Environment.SetEnvironmentVariable(variable, "short");
        Assert.Contains("16 characters", Assert.Throws<ConfigurationException>(() => TokenFor(options)).Message, StringComparison.Ordinal);
    }

    private static async Task RepeatAsync(int count, Func<int, Task> act)
    {
        for (int i = 0; i < count; i++)
        {
            await act(i);
        }
    }

    /// <summary>A metric of a server whose connections may all be taken for a while.</summary>
    private async Task<double> MetricOfBusyServerAsync(string name)
    {
        for (int i = 0; i < 120; i++)
        {
            try
            {
                return await run.MetricAsync(name);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(500);
            }
        }

        Assert.Fail("it did not answer within a minute");
        return 0;
    }

    private static string[] LayersOf(JsonElement picture) =>
        [.. picture.GetProperty("layers").EnumerateArray().Select(l => l.GetProperty("name").GetString()!)];

    private static AccessToken? TokenFor(ViewOptions options) => AccessToken.For(options.TokenVariable, options.Address, "the live view");
}
