using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using VisionBanana.Edge.Cli.Fleet;
using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Programs;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>
/// A fleet on this machine: a Mosquitto broker, robots that capture the pictures of a pipeline and workers that paint them, each a process of its own,
/// and one consumer. What a picture costs each of them is what a plan for a larger fleet is reckoned from.
/// </summary>
internal sealed class FleetBench(PipelineFile file, FleetSize size, string? model, TimeSpan duration) : IDisposable
{
    private static readonly TimeSpan Starting = TimeSpan.FromSeconds(60), Ending = TimeSpan.FromSeconds(20), Poll = TimeSpan.FromMilliseconds(100);

    private readonly string _folder = Directory.CreateTempSubdirectory("vbedge-fleet-").FullName;
    private readonly List<Process> _programs = [];
    private readonly Dictionary<(string, long), int> _heard = [];
    private readonly Lock _gate = new();
    private long _perceptBytes, _firstAnswer;

    /// <summary>Starts everything, waits, ends it in order and reports.</summary>
    /// <exception cref="ConfigurationException">Mosquitto is not installed, or the pipeline cannot be captured.</exception>
    /// <exception cref="TransportException">Something did not start.</exception>
    public async Task<FleetReport> RunAsync(CancellationToken cancellationToken)
    {
        string mosquitto = ChildProgram.Find("mosquitto") ?? (File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : null)
            ?? throw new ConfigurationException("bench --fleet starts a broker of its own: install mosquitto (Debian: mosquitto).");
        int port = FreePort();
        string conf = Path.Combine(_folder, "mosquitto.conf");
        await File.WriteAllTextAsync(
            conf, FormattableString.Invariant($"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 200\n"), cancellationToken)
            .ConfigureAwait(false);
        Process broker = Start(mosquitto, "-c", conf);
        ChildProgram.Discard(broker.StandardOutput);
        ChildProgram.Discard(broker.StandardError);
        await using var consumer = new MqttListener(new MqttOptions { Port = port });
        using IDisposable subscription = consumer.Messages.Subscribe(Hear);
        await consumer.StartAsync(cancellationToken).ConfigureAwait(false);
        string at = FormattableString.Invariant($"127.0.0.1:{port}");
        string[] painter = model is null ? [] : ["--model", model];
        Run[] workers = [.. Enumerable.Range(1, size.Workers).Select(i => Launch(
            ["worker", "--group", "bench", "--broker", at, "--id", FormattableString.Invariant($"worker-{i}"), "--threads", "1", "--json", .. painter]))];
        await Task.WhenAll(workers.Select(w => w.Ready.WaitAsync(Starting, cancellationToken))).ConfigureAwait(false);
        Run[] robots = [.. Enumerable.Range(1, size.Robots).Select(i => Launch(["capture", WriteRobot(i, port), "--group", "bench", "--json"]))];
        await UntilAnsweredAsync(robots, cancellationToken).ConfigureAwait(false);
        await Task.Delay(duration, cancellationToken).ConfigureAwait(false);
        double seconds = Stopwatch.GetElapsedTime(Interlocked.Read(ref _firstAnswer)).TotalSeconds;
        CaptureReport[] captures = await EndAsync<CaptureReport>(robots).ConfigureAwait(false);
        WorkerReport[] painted = await EndAsync<WorkerReport>(workers).ConfigureAwait(false);
        broker.Refresh();
        return Report(captures, painted, seconds, broker.TotalProcessorTime.TotalMilliseconds);
    }

    /// <summary>Ends what still runs.</summary>
    public void Dispose()
    {
        foreach (Process program in _programs)
        {
            ChildProgram.Kill(program);
            program.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private FleetReport Report(CaptureReport[] robots, WorkerReport[] workers, double seconds, double brokerMs)
    {
        long answered = robots.Sum(r => r.Answered), sent = Math.Max(robots.Sum(r => r.Sent), 1);
        var dropped = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach ((string reason, long count) in robots.SelectMany(r => r.Dropped))
        {
            dropped[reason] = dropped.GetValueOrDefault(reason) + count;
        }

        lock (_gate)
        {
            return new FleetReport(
                size.Robots, size.Workers, seconds, robots.Sum(r => r.Captured), answered, dropped,
                robots.All(r => r.Captured == r.Answered + r.Dropped.Values.Sum() + r.InFlight), _heard.Values.Count(n => n > 1), answered / seconds,
                (double)robots.Sum(r => r.Bytes) / sent, (double)_perceptBytes / Math.Max(_heard.Count, 1), Mean(robots.Select(r => r.CpuMsPerPicture)),
                Mean(workers.Select(w => w.CpuMsPerPicture)), brokerMs / sent, workers.Average(w => w.BusyS / w.ElapsedS),
                workers[0].StageMsP50, workers[0].Model);
        }
    }

    private static double Mean(IEnumerable<double?> values) => values.OfType<double>().DefaultIfEmpty(double.NaN).Average();

    private void Hear(ReceivedMessage received)
    {
        WireMessage message = received.Message;
        if (message.IsState || message.Width == 0)
        {
            return;
        }

        lock (_gate)
        {
            _perceptBytes += message.Payload.Length;
            if (message.Stream == Streams.Depth)
            {
                (string, long) name = (received.Topic, message.SequenceNumber);
                _heard[name] = _heard.GetValueOrDefault(name) + 1;
                Interlocked.CompareExchange(ref _firstAnswer, Stopwatch.GetTimestamp(), 0);
            }
        }
    }

    private async Task UntilAnsweredAsync(Run[] robots, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (Interlocked.Read(ref _firstAnswer) == 0)
        {
            if (Array.Find(robots, r => r.Process.HasExited) is { } ended)
            {
                throw new TransportException($"A robot ended before it was answered: {ended.Errors}");
            }

            if (Stopwatch.GetElapsedTime(start) > Starting)
            {
                throw new TransportException($"No picture was answered within {Starting.TotalSeconds:0} s: the pipeline must ask for depth.");
            }

            await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
        }
    }

    private string WriteRobot(int number, int port)
    {
        string source = file.Camera.Source.Address;
        string address = source.Contains("://", StringComparison.Ordinal) ? source : Path.GetFullPath(source);
        string calibration = file.Camera.Calibration is { } camera ? $"calibration: {JsonSerializer.Serialize(Path.GetFullPath(camera))}"
            : string.Create(CultureInfo.InvariantCulture, $"hfov_deg: {file.Camera.HfovDegrees ?? 60}");
        string asked = string.Join(", ", file.Instructions.Select(i => $"{{ask: {JsonSerializer.Serialize(i.Ask)}, every: {i.Every}}}"));
        FleetEntry fleet = file.Section<FleetEntry>() ?? new FleetEntry();
        string path = Path.Combine(_folder, FormattableString.Invariant($"robot-{number}.yaml"));
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $$"""
            version: 1
            device: robot-{{number}}
            camera:
              name: {{JsonSerializer.Serialize(file.Camera.Name)}}
              source: {address: {{JsonSerializer.Serialize(address)}}, loop: true}
              {{calibration}}
            instructions: [{{asked}}]
            streams:
              cloud: false
              color: false
              painting: false
              depth: {encoding: zstd}
            fleet: {encoding: {{(fleet.IsLossless ? "png" : "jpeg")}}, jpeg_quality: {{fleet.JpegQuality}}, max_age_ms: 10000, expiry_s: 10, max_unanswered: 4}
            mqtt:
              broker: {host: 127.0.0.1, port: {{port}} }

            """));
        return path;
    }

    private Run Launch(string[] arguments)
    {
        // The tool itself, however it was started.
        string program = Environment.ProcessPath ?? "vbedge";
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return new Run(Start(program, isHost ? [Assembly.GetEntryAssembly()!.Location, .. arguments] : arguments));
    }

    private Process Start(string program, params string[] arguments)
    {
        Process started = ChildProgram.Start(program, arguments);
        _programs.Add(started);
        return started;
    }

    private static async Task<T[]> EndAsync<T>(Run[] runs)
    {
        foreach (Run run in runs)
        {
            if (ChildProgram.Find("kill") is { } kill)
            {
                ChildProgram.Ask(kill, "-INT", run.Process.Id.ToString(CultureInfo.InvariantCulture));
            }
        }

        return await Task.WhenAll(runs.Select(async run =>
        {
            await run.Process.WaitForExitAsync().WaitAsync(Ending).ConfigureAwait(false);
            string output = await run.Output.ConfigureAwait(false);
            try
            {
                return Json.Read<T>(output) ?? throw new TransportException($"A program of the fleet said nothing: {run.Errors}");
            }
            catch (JsonException e)
            {
                throw new TransportException($"A program of the fleet ended with '{output.Trim()}': {run.Errors}", e);
            }
        })).ConfigureAwait(false);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>One process of the fleet.</summary>
    private sealed class Run
    {
        private const int MostErrors = 4096;

        private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private string _errors = "";

        public Run(Process process)
        {
            Process = process;
            Output = process.StandardOutput.ReadToEndAsync();
            _ = ReadErrorsAsync();
        }

        public Process Process { get; }

        public Task<string> Output { get; }

        /// <summary>Completed when a worker says that it paints.</summary>
        public Task Ready => _ready.Task;

        public string Errors => _errors;

        private async Task ReadErrorsAsync()
        {
            while (await Process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                _errors = _errors.Length < MostErrors ? $"{_errors}{line}\n" : _errors;
                if (line.Contains("paints for group", StringComparison.Ordinal))
                {
                    _ready.TrySetResult();
                }
            }

            _ready.TrySetException(new TransportException($"A worker ended: {_errors}"));
        }
    }
}
