using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Hosting.Tests.Composition;

public sealed class ModelRolloutTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly WorkFolder _folder = new();

    [Fact]
    public async Task Execute_APackageOfTheFolder_AnswersWithoutLosingAPictureAndTheStateSaysSo()
    {
        string manifest = AddPackage("next", "9.9.9");
        string state = await RunAsync(new SwitchModelCommand("next", HashOf(manifest)), s => s.Rollout == "painter-s 9.9.9 runs", s =>
        {
            Assert.Equal("painter-s 9.9.9", s.Model);
            Assert.Equal(64, s.ModelSha256!.Length);
        });
        Assert.Contains("9.9.9", state, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_APackageThatWasChanged_TheModelThatRunsStays()
    {
        string manifest = AddPackage("bad", "9.9.9");
        string graph = Directory.GetFiles(Path.GetDirectoryName(manifest)!, "*.onnx").First();
        File.AppendAllText(graph, "x");
        await RunAsync(new SwitchModelCommand("bad", null), s => s.Rollout?.Contains(" stays: ", StringComparison.Ordinal) == true, s =>
            Assert.DoesNotContain("9.9.9", s.Model, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Execute_OverHttpWithItsHash_IsFetchedAndWithAnotherHashItIsNot()
    {
        string manifest = AddPackage("../served", "9.9.9");
        using var server = new FileServer(Path.GetDirectoryName(manifest)!);
        await RunAsync(
            new SwitchModelCommand($"http://{server.Authority}/served/model.yaml", HashOf(manifest)), s => s.Rollout == "painter-s 9.9.9 runs",
            s => Assert.Equal("painter-s 9.9.9", s.Model), server.Authority);
        Assert.Single(Directory.GetDirectories(Path.Combine(_folder.Path, "models")));
        await RunAsync(
            new SwitchModelCommand($"http://{server.Authority}/served/model.yaml", new string('0', 64)),
            s => s.Rollout?.Contains("expected 0000", StringComparison.Ordinal) == true,
            s => Assert.DoesNotContain("9.9.9", s.Model, StringComparison.Ordinal), server.Authority);
        Assert.Single(Directory.GetDirectories(Path.Combine(_folder.Path, "models")));
    }

    [Theory]
    [InlineData("../models/elsewhere", null, "expected a package in the folder of rollout")]
    [InlineData("/etc", null, "expected a package in the folder of rollout")]
    [InlineData("next\0", null, "expected a package in the folder of rollout")]
    [InlineData(".", null, "expected a package in the folder of rollout")]
    [InlineData("https://models.example/a/model.yaml", null, "needs the SHA-256")]
    [InlineData("https://other.example/a/model.yaml", "0", "expected the SHA-256 of model.yaml in 64 hex digits")]
    [InlineData("https://other.example/a/model.yaml", null, "expected a host of rollout.hosts (models.example), found other.example")]
    [InlineData("http://models.example/a/model.yaml", null, "expected https://, found http://")]
    [InlineData("https://models.example/a/model.yaml?x=1", null, "without user and query")]
    [InlineData("file:///etc/model.yaml", null, "expected https://, found file://")]
    public async Task Execute_WhatIsNotAllowed_IsRefusedAtOnce(string package, string? hash, string expected)
    {
        await using RobotRun run = await OpenAsync("models.example");
        Assert.Contains(expected, run.Cameras[0].Opened!.Pipeline.Commands.Execute(new SwitchModelCommand(package, hash))!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_APackageBehindALinkInTheFolder_IsRefused()
    {
        AddPackage("../elsewhere/next", "9.9.9");
        await using RobotRun run = await OpenAsync("models.example");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "models", "link"), Path.Combine(_folder.Path, "elsewhere"));
        Assert.Contains(
            "expected a package in the folder of rollout",
            run.Cameras[0].Opened!.Pipeline.Commands.Execute(new SwitchModelCommand("link/next", null))!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_TheDepthIsScaledWithAFactorFoundWithTheModelThatRuns_TheModelStays()
    {
        AddPackage("next", "9.9.9");
        string room = Path.Combine(Nearby.RepositoryRoot, "calibration", "demo-room.yaml"), copy = Path.Combine(_folder.Path, "room.yaml");
        File.Copy(room, copy);
        string version = File.ReadLines(Path.Combine(Nearby.BundledPainter, "model.yaml")).First(l => l.StartsWith("version:", StringComparison.Ordinal));
        string model = $"painter-s {version["version:".Length..].Trim(' ', '"')}";
        new CameraScaleFile { Factor = 1.1, Std = 0.02, Model = model }.Write(CameraScaleFile.PathOf(copy));
        await RunAsync(
            new SwitchModelCommand("next", null),
            s => s.Rollout?.Contains($"camera room is scaled with a factor found with {model}: start", StringComparison.Ordinal) == true,
            s => Assert.Equal(model, s.Model), change: t => t.Replace(room, copy, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Execute_WithoutTheSection_IsRefused()
    {
        var request = new PipelineRequest { PerceptSinks = _ => [new DemoFile.Counter()] };
        await using RobotRun run = await RobotRun.OpenAsync(
            RobotFile.Read(_folder.Write("p.yaml", DemoFile.Text())), request, CancellationToken.None);
        Assert.Contains(
            "no section rollout", run.Cameras[0].Opened!.Pipeline.Commands.Execute(new SwitchModelCommand("next", null))!, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    /// <summary>The bundled model under another version.</summary>
    private string AddPackage(string name, string version)
    {
        string folder = Path.GetFullPath(Path.Combine(_folder.Path, "models", name));
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(Nearby.BundledPainter))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        string manifest = Path.Combine(folder, "model.yaml");
        string[] lines = File.ReadAllLines(manifest);
        int at = Array.FindIndex(lines, l => l.StartsWith("version:", StringComparison.Ordinal));
        lines[at] = $"version: {version}";
        File.WriteAllLines(manifest, lines);
        return manifest;
    }

    private async Task<RobotRun> OpenAsync(string host, Func<string, string>? change = null)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "models"));
        string text = DemoFile.Text($"rollout: {{folder: models, hosts: [\"{host}\"]}}");
        string file = _folder.Write("p.yaml", change?.Invoke(text) ?? text);
        return await RobotRun.OpenAsync(
            RobotFile.Read(file), new PipelineRequest { PerceptSinks = _ => [new DemoFile.Counter()] }, CancellationToken.None);
    }

    /// <summary>Runs until the state fits; nothing may be lost meanwhile.</summary>
    private async Task<string> RunAsync(
        SwitchModelCommand command, Func<PipelineState, bool> fits, Action<PipelineState> check, string host = "models.example",
        Func<string, string>? change = null)
    {
        await using RobotRun run = await OpenAsync(host, change);
        PerceptionPipeline pipeline = run.Cameras[0].Opened!.Pipeline;
        using var stop = new CancellationTokenSource();
        Task running = run.RunAsync(stop.Token);
        Assert.True(SpinWait.SpinUntil(() => pipeline.Report().Perceived > 3, Limit));
        int changes = 0;
        pipeline.Commands.StateChanged += (_, _) => Interlocked.Increment(ref changes);

        Assert.Null(pipeline.Commands.Execute(command));

        Assert.True(SpinWait.SpinUntil(() => fits(pipeline.Commands.State), Limit), pipeline.Commands.State.Rollout);
        long perceived = pipeline.Report().Perceived;
        Assert.True(SpinWait.SpinUntil(() => pipeline.Report().Perceived > perceived + 2, Limit));
        check(pipeline.Commands.State);
        Assert.True(changes > 0);
        string state = System.Text.Encoding.UTF8.GetString(CommandPayload.WriteState(pipeline.Commands.State));
        await stop.CancelAsync();
        await running;
        SinkFlow books = Assert.Single(pipeline.Report().Sinks);
        Assert.DoesNotContain(DropReason.InferenceFailed, books.Dropped.Keys);
        Assert.Equal(books.Captured, books.Published + books.Dropped.Values.Sum());
        return state;
    }

    /// <summary>Serves the files of one folder below /served/ on loopback.</summary>
    private sealed class FileServer : IDisposable
    {
        private readonly HttpListener _listener = new();

        public FileServer(string folder)
        {
            using (var probe = new TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Authority = $"127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
            }

            _listener.Prefixes.Add($"http://{Authority}/");
            _listener.Start();
            _ = ServeAsync(folder);
        }

        public string Authority { get; }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync(string folder)
        {
            try
            {
                while (true)
                {
                    HttpListenerContext context = await _listener.GetContextAsync();
                    string path = Path.Combine(folder, Path.GetFileName(context.Request.Url!.AbsolutePath));
                    if (File.Exists(path))
                    {
                        await context.Response.OutputStream.WriteAsync(await File.ReadAllBytesAsync(path));
                    }
                    else
                    {
                        context.Response.StatusCode = 404;
                    }

                    context.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // It was closed.
            }
        }
    }
}
