using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Cli.Fleet;
using VisionBanana.Edge.Cli.Network;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge worker</c>: paints for robots.</summary>
internal static class WorkerCommand
{
    private const int MetricsPort = 9464;

    public static Command Create()
    {
        var group = new Option<string?>("--group") { Description = "Whose pictures; default: default." };
        var broker = new Option<string?>("--broker") { HelpName = "HOST:PORT", Description = "The MQTT 5 broker at HOST:PORT; default: 127.0.0.1:1883." };
        var user = new Option<string?>("--user") { Description = "The user name at the broker." };
        var password = new Option<string?>("--password-variable") { Description = "The environment variable that holds the password." };
        var ca = new Option<FileInfo?>("--ca") { Description = "TLS: the certificates of the authorities, PEM." };
        var certificate = new Option<FileInfo?>("--certificate") { Description = "TLS: the certificate of this worker, PEM." };
        var key = new Option<FileInfo?>("--key") { Description = "TLS: its key, PEM; default: in the same file." };
        var id = new Option<string?>("--id") { Description = "The worker's name, in receipts and as client id; default: made from host and process." };
        Option<string?> model = CommonOptions.Model();
        Option<string?> precision = CommonOptions.Precision();
        Option<int?> threads = OptionOf.Count("--threads", 1, 256, "4", "Threads of the model on the processor.");
        Option<int?> waiting = OptionOf.Count(
            "--waiting", 1, 64, "1", "Pictures that wait here while one is painted (MQTT receive maximum); the broker keeps the others. Default: 1.");
        Option<int?> robots = OptionOf.Count("--robots", 1, 10_000, "64", "Cameras whose tables are kept at once; about 10 MB each. Default: 64.");
        Option<int?> largest = OptionOf.Count("--max-picture-kb", 1, 65_536, "8192", "Larger pictures are refused; default: 8192.");
        var metrics = new Option<string?>("--metrics") { HelpName = "ADDRESS:PORT", Description = "Serves /metrics (Prometheus) and /healthz there." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("worker", "Paints the pictures of robots that capture: takes them from an MQTT 5 broker, beside any number of other workers.")
        {
            group, broker, user, password, ca, certificate, key, id, model, precision, threads, waiting, robots, largest, metrics, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            (string host, int port) = ListenCommand.ParseBroker(parsed.GetValue(broker) ?? "127.0.0.1:1883", "--broker");
            var tls = new MqttTlsOptions
            {
                CaFile = parsed.GetValue(ca)?.ToString(),
                CertificateFile = parsed.GetValue(certificate)?.ToString(),
                KeyFile = parsed.GetValue(key)?.ToString(),
            };
            var mqtt = new MqttOptions
            {
                Host = host,
                Port = port,
                User = parsed.GetValue(user),
                PasswordVariable = parsed.GetValue(password),
                Tls = tls == new MqttTlsOptions() ? null : tls,
            };
            var execution = CommonOptions.With(new ExecutionOptions { Threads = parsed.GetValue(threads) }, parsed.GetValue(precision));
            var own = new PictureTakerOptions
            {
                Group = parsed.GetValue(group) ?? "default",
                Worker = parsed.GetValue(id) ?? $"vb-worker-{Dns.GetHostName()}-{Environment.ProcessId}",
                Waiting = parsed.GetValue(waiting) ?? 1,
                MaxPictureBytes = (parsed.GetValue(largest) ?? 8192) << 10,
                Model = "",
                ModelSha256 = "",
            };
            FleetTopics.CheckGroup(own.Group);
            WireTopics.CheckName("worker", own.Worker);
            return RunAsync(
                mqtt, own, parsed.GetValue(model), execution, parsed.GetValue(robots) ?? 64, parsed.GetValue(metrics), parsed.GetValue(json),
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        MqttOptions mqtt, PictureTakerOptions own, string? model, ExecutionOptions execution, int robots, string? metrics, bool json,
        CancellationToken cancellationToken)
    {
        var choice = PainterChoice.Of(model);
        foreach (string warning in ExposedSecrets.OfBroker(mqtt).Concat(ExposedSecrets.OfPainter(choice.Path)))
        {
            Failure.TellOnStandardError(warning);
        }

        using ILoggerFactory loggers = CommonOptions.CreateLoggers();
        IPEndPoint? metricsAt = metrics is null ? null : AddressOf(metrics);
        using IPainter painter = await Task.Run(() => choice.Load(execution, new BuildPrinter(), cancellationToken), cancellationToken)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        PainterDescription paints = painter.Description;
        own = own with { Model = $"{paints.Name} {paints.Version}", ModelSha256 = paints.Sha256 };
        using var images = new OpenCvImageEncoder();
        using var givesUp = new CancellationTokenSource();
        var parts = new WorkerParts
        {
            Painter = painter,
            Images = images,
            Decoder = new OpenCvImageDecoder(),
            Stopping = givesUp.Token,
            Log = loggers.CreateLogger("vbedge"),
            Clock = SteppedClock.OrSystem(),
        };
        var books = new WorkerBooks();
        var run = new WorkerRun(mqtt, own, parts, robots, books);
        await using (run.ConfigureAwait(false))
        {
            await run.StartAsync(cancellationToken).ConfigureAwait(false);
            await Console.Error.WriteLineAsync($"vbedge: {own.Worker} paints for group {own.Group} at {run.State} with {own.Model}").ConfigureAwait(false);
            WebApplication? server = metricsAt is null ? null
                : await new WebServer(metricsAt.Address, metricsAt.Port, MetricsPort, 4).StartAsync(
                    new WorkerMetrics(own, run, books, parts.Latencies).ServeAsync, cancellationToken).ConfigureAwait(false);
            try
            {
                using (cancellationToken.Register(() => givesUp.CancelAfter(WorkerRun.DrainLimit)))
                {
                    await run.RunAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                if (server is not null)
                {
                    await server.DisposeAsync().ConfigureAwait(false);
                }
            }

            var report = WorkerReport.Of(own, run, books, parts.Latencies);
            return Report.Print(json, report, Print, ExitCode.Well, null);
        }
    }

    private static IPEndPoint AddressOf(string text) =>
        IPEndPoint.TryParse(text, out IPEndPoint? address) && address.Port != 0
            ? address
            : throw new ConfigurationException($"--metrics: expected ADDRESS:PORT, e.g. 127.0.0.1:9464, found '{text}'.");

    private static void Print(WorkerReport report)
    {
        string dropped = string.Join(", ", report.Dropped.Select(d => $"{d.Value} {d.Key}"));
        Console.WriteLine(FormattableString.Invariant(
            $"taken {report.Taken}: answered {report.Answered} of {report.AnsweredOf.Count} cameras, dropped {(dropped.Length == 0 ? "none" : dropped)}; ")
            + FormattableString.Invariant($"busy {report.BusyS:0.0} s of {report.ElapsedS:0.0} s"));
    }
}
