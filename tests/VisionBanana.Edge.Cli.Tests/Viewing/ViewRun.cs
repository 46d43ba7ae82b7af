using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Viewing;

/// <summary>A run of the demo's clip at its own pace with a live view, as its users start it.</summary>
public class ViewRun : IAsyncLifetime
{
    private readonly WorkFolder _work = new();
    private readonly string[] _args;
    private Vbedge _tool;

    public ViewRun()
        : this("", [])
    {
    }

    /// <summary>A run on a robot: its mount, the scan and a zone.</summary>
    internal static ViewRun OnARobot() =>
        new("", [], robot: "obstacles: {}\nzones:\n  - {name: ahead, sector: {from_deg: -20, to_deg: 20, range_m: 2}, max_hidden: 1}\n");

    /// <param name="view">More keys of <c>view</c> in the pipeline file, after a comma.</param>
    /// <param name="args">More options of <c>run</c>.</param>
    /// <param name="token">What the client shows.</param>
    /// <param name="robot">Sections for robots that move; the camera has a mount then.</param>
    internal ViewRun(string view, string[] args, string? token = null, string robot = "")
    {
        string mount = robot.Length == 0 ? "" : "\n  mount: {parent: base_link, position_m: [0.1, 0, 1.4], rpy_deg: [0, 14, 0]}\npainter:";

        // The tape measure writes beside the calibration, which other tests share.
        string shared = $"{WorkFolder.Assets}/calibration/demo-room.yaml", own = _work.Write("room-camera.yaml", File.ReadAllText(shared));
        Pipeline = _work.WritePipeline(t => t.Replace("pace: none, ", "", StringComparison.Ordinal).Replace(shared, own, StringComparison.Ordinal)
            .Replace("\npainter:", mount.Length == 0 ? "\npainter:" : mount, StringComparison.Ordinal)
            + $"\n{robot}view: {{folder: captures, port: {Port}{view}}}\n");
        string pipeline = Pipeline;
        _args = ["run", pipeline, "--json", .. args];
        _tool = Vbedge.Start(_args);
        Client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false
        })
        {
            BaseAddress = new Uri(Address),
            Timeout = TimeSpan.FromSeconds(30),
        };
        if (token is not null)
        {
            Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public int Port { get; } = WorkFolder.FreePort();

    public string Address => $"http://127.0.0.1:{Port}/";

    public HttpClient Client { get; }

    /// <summary>The pipeline file.</summary>
    public string Pipeline { get; }

    public string Captures => Path.Combine(_work.Path, "captures");

    /// <summary>Starts it and waits until pictures were perceived.</summary>
    public async ValueTask InitializeAsync()
    {
        for (int i = 0; i < 900; i++)
        {
            try
            {
                if (await MetricAsync("vbedge_perceived_total") > 5)
                {
                    return;
                }
            }
            catch (HttpRequestException e) when (e.StatusCode is null)
            {
                // It does not listen yet.
            }

            await Task.Delay(100);
        }

        _tool.Kill();
        Assert.Fail($"no picture within 90 s: {await _tool.ExitAsync()}");
    }

    /// <summary>Ends the tool as a crash would, and starts it again on the same ports.</summary>
    public async Task RestartAsync()
    {
        _tool.Kill();
        await _tool.ExitAsync();
        await _tool.DisposeAsync();
        _tool = Vbedge.Start(_args);
        await InitializeAsync();
    }

    /// <summary>Ends the run as Ctrl-C does and gives its report.</summary>
    internal async Task<Vbedge.Result> EndAsync()
    {
        _tool.Interrupt();
        return await _tool.ExitAsync();
    }

    /// <summary>A number of the metrics, 0 when it is not there yet.</summary>
    public async Task<double> MetricAsync(string name)
    {
        // Of the demo's only camera.
        name = name.StartsWith("process_", StringComparison.Ordinal) || name is "vbedge_viewers" ? name
            : name.EndsWith('}') ? $"{name[..^1]},camera=\"room\"}}" : $"{name}{{camera=\"room\"}}";
        string text = await Client.GetStringAsync("metrics");
        string? line = text.Split('\n').FirstOrDefault(l => l.StartsWith(name + " ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until a metric fits.</summary>
    public async Task WaitForMetricAsync(string name, Func<double, bool> fits)
    {
        for (int i = 0; i < 900; i++)
        {
            if (fits(await MetricAsync(name)))
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"{name} is {await MetricAsync(name)} after 90 s");
    }

    /// <summary>Sends a request as it stands: a client would tidy it up.</summary>
    public async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        NetworkStream stream = client.GetStream();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), limit.Token);
        }
        catch (IOException)
        {
            // It answered before it had read everything.
        }

        var answer = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer, limit.Token)) > 0;)
            {
                answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // It closed hard, after the answer.
        }

        return answer.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Client.Dispose();
        await _tool.DisposeAsync();
        _work.Dispose();
    }
}
