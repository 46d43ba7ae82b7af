using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>Measures one pipeline on this machine.</summary>
internal sealed class Measurement : IDisposable
{
    // Shares of the time: the model against the pipeline, the flows together, the transports together.
    private const double ModelShare = 0.35, FlowShare = 0.5, TransportShare = 0.15;
    private const int LeastWarmUpPictures = 10;

    private readonly BenchSettings _settings;
    private readonly Album _album;
    private readonly OnnxPainter _painter;
    private readonly IReadOnlyList<ScheduledInstruction> _instructions;
    private readonly OpenCvImageEncoder _images = new();
    private readonly bool _overlap;
    private readonly ILoggerFactory _loggers;
    private double _modelMemoryMib;

    private Measurement(BenchSettings settings, Album album, OnnxPainter painter, IReadOnlyList<ScheduledInstruction> instructions, ILoggerFactory loggers)
    {
        _settings = settings;
        _album = album;
        _painter = painter;
        _instructions = instructions;
        _overlap = PipelineBuilder.Overlaps(settings.Pipeline, painter.Description);
        _loggers = loggers;
    }

    /// <summary>Loads model and pictures; everything that can be wrong with them is told here.</summary>
    /// <exception cref="VisionBananaException">Something the settings name cannot be used.</exception>
    public static async Task<Measurement> OpenAsync(BenchSettings settings, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        PipelineFile file = settings.Pipeline;
        ModelPackage package = PainterChoice.Of(file.Painter.Model).Package
            ?? throw new ConfigurationException(
                $"{file.Painter.Model} names a server that paints: bench measures what this machine computes. Name a model package.");
        Album album = await Album.LoadAsync(file.Camera, loggers.CreateLogger("vbedge"), cancellationToken).ConfigureAwait(false);
        var memory = new MemoryGrowth();
        var painter = OnnxPainter.Load(package, file.Painter.Execution, new BuildPrinter(), cancellationToken);
        try
        {
            IReadOnlyList<ScheduledInstruction> instructions = InstructionEntry.Parse(file.Instructions, painter);
            var measurement = new Measurement(settings, album, painter, instructions, loggers);
            measurement.CreatePerceiver(new StageLatencies(), everyPicture: false).RequireCalibrationFor(album.Intrinsics);
            measurement.RunBare();
            measurement._modelMemoryMib = memory.PeakMib;
            return measurement;
        }
        catch
        {
            painter.Dispose();
            throw;
        }
    }

    /// <summary>Measures everything.</summary>
    /// <param name="progress">Told what is measured next.</param>
    /// <param name="cancellationToken">Ends it without a result.</param>
    public async Task<BenchReport> RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var machine = Machine.Look();
        double seconds = _settings.Seconds;
        progress($"model alone and stages, in turn ({seconds * ModelShare:0.#} s)");
        Stages stages = MeasureStages(TimeSpan.FromSeconds(seconds * ModelShare), cancellationToken);
        var flows = new List<Flow>();
        var transports = new List<TransportCost>();
        double?[] rates = [.. _settings.Rates.Order().Select(r => (double?)r), null];
        foreach (double? rate in rates)
        {
            progress($"{NameOf(rate)} ({seconds * FlowShare / rates.Length:0.#} s)");
            (Flow flow, TransportCost cost) = await MeasureFlowAsync(
                rate, TimeSpan.FromSeconds(seconds * FlowShare / rates.Length), cancellationToken).ConfigureAwait(false);
            flows.Add(flow);
            if (rate is null)
            {
                transports.Add(cost);
            }
        }

        List<(string Name, Func<IMessageTransport> Open)> named = NamedTransports();
        foreach ((string name, Func<IMessageTransport> open) in named)
        {
            progress($"{name} ({seconds * TransportShare / named.Count:0.#} s)");
            transports.Add(await MeasureTransportAsync(
                name, open(), TimeSpan.FromSeconds(seconds * TransportShare / named.Count), cancellationToken).ConfigureAwait(false));
        }

        PainterDescription painter = _painter.Description;
        return new BenchReport
        {
            Schema = BenchReport.CurrentSchema,
            Date = TimeProvider.System.GetLocalNow().ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
            Machine = machine with { LoadAfter = Machine.Load() },
            Model = new BenchReport.ModelUnderTest(
                painter.Name, painter.Version, painter.Sha256, painter.Provider, _painter.ProviderReport.First(
                    a => a.Outcome == ProviderOutcome.Running).Message),
            Pictures = _album.Description,
            Instructions = [.. _instructions.Select(
                i => i.Every == 1 ? i.Instruction.Prompt : string.Create(CultureInfo.InvariantCulture, $"every {i.Every}: {i.Instruction.Prompt}"))],
            Overlap = _overlap,
            ModelMs = stages.Model,
            ModelMemoryMib = _modelMemoryMib,
            StagesMs = stages.ByName,
            PipelineMs = stages.Pipeline,
            PipelineOverModel = stages.Pipeline.Median / stages.Model.Median,
            MessagesOverModel = stages.Messages.Median / stages.Model.Median,
            AllocatedBytesPerFrame = stages.AllocatedBytesPerFrame,
            Flows = flows,
            Transports = transports,
        };
    }

    public void Dispose()
    {
        _painter.Dispose();
        _images.Dispose();
    }

    private static string NameOf(double? rate) => rate is { } hz ? string.Create(CultureInfo.InvariantCulture, $"{hz:0.##}_hz") : "flat_out";

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>The kinds of transports of the pipeline, each alone on a free port of this machine, without a subscriber.</summary>
    private List<(string Name, Func<IMessageTransport> Open)> NamedTransports()
    {
        var named = new List<(string, Func<IMessageTransport>)>();
        if (_settings.Pipeline.Mqtt is not null)
        {
            named.Add(("mqtt, broker in this process", () => OpenMqtt(FreePort())));
        }

        if (_settings.Pipeline.ZeroMq is not null)
        {
            named.Add(("zeromq, no subscriber", () => new ZeroMqTransport(new ZeroMqOptions { Endpoint = "tcp://127.0.0.1:0", Device = "bench" })));
        }

        return named;
    }

    private EmbeddedMqtt OpenMqtt(int port) => EmbeddedMqtt.Create(
        new EmbeddedBroker(new EmbeddedBrokerOptions { Port = port }), [new MqttOptions { Device = "bench" }], _loggers.CreateLogger<MqttTransport>())[0];

    private IReadOnlyList<ScheduledInstruction> ScheduleOf(bool everyPicture) =>
        everyPicture ? [.. _instructions.Select(i => i with { Every = 1 })] : _instructions;

    private Perceiver CreatePerceiver(StageLatencies latencies, bool everyPicture) => new(
        _painter,
        new InstructionSchedule(ScheduleOf(everyPicture)),
        PipelineBuilder.OptionsOf(_settings.Pipeline),
        latencies);

    /// <summary>One picture after the other on this thread, everything asked of each, in turn with the model alone: what both meet is the same.</summary>
    private Stages MeasureStages(TimeSpan duration, CancellationToken cancellationToken)
    {
        var latencies = new StageLatencies();
        Perceiver perceiver = CreatePerceiver(latencies, everyPicture: true);
        var encoder = new MessageEncoder(_settings.Pipeline.Streams with { PoolCapacity = 1 }, _images);
        if (!CameraFrame.CreatePool(1, _album.Width, _album.Height, _album.Format).TryRent(out CameraFrame? picture))
        {
            throw new InvalidOperationException("A new pool has a picture.");
        }

        using (picture)
        {
            (picture.FrameId, picture.Intrinsics) = (_album.FrameId, _album.Intrinsics);
            List<long> model = new(100_000), pipeline = new(100_000), encode = new(100_000), messages = new(100_000);
            long start = Stopwatch.GetTimestamp(), allocated = 0;
            bool warm = false;
            for (int i = 0; !warm || (Stopwatch.GetElapsedTime(start) < duration && i < 100_000); i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!warm && i >= LeastWarmUpPictures && (i >= _album.Pictures.Count || Stopwatch.GetElapsedTime(start) > duration / 2))
                {
                    // Once through the pictures, where time allows: then every buffer is as large as it will be.
                    warm = true;
                    latencies = new StageLatencies();
                    perceiver = CreatePerceiver(latencies, everyPicture: true);
                    Encode(encoder, Perceive(perceiver, picture));
                    duration -= Stopwatch.GetElapsedTime(start);
                    (start, allocated) = (Stopwatch.GetTimestamp(), 0);
                    model.Clear();
                    pipeline.Clear();
                    encode.Clear();
                    messages.Clear();
                }

                _album.Pictures[i % _album.Pictures.Count].CopyTo(picture.Pixels);
                picture.SequenceNumber = i;
                picture.CapturedAt = CaptureTime.Now(TimeProvider.System);
                if (i % 2 == 0)
                {
                    model.Add(RunBare());
                }

                long bytes = GC.GetAllocatedBytesForCurrentThread(), begin = Stopwatch.GetTimestamp();
                PerceptionFrame frame = Perceive(perceiver, picture);
                long perceived = Stopwatch.GetTimestamp();
                Encode(encoder, frame);
                long done = Stopwatch.GetTimestamp();
                allocated += GC.GetAllocatedBytesForCurrentThread() - bytes;
                pipeline.Add(Ns(perceived - begin));
                encode.Add(Ns(done - perceived));
                messages.Add(Ns(done - begin));
                if (i % 2 == 1)
                {
                    model.Add(RunBare());
                }
            }

            var byName = new SortedDictionary<string, Spread>(StringComparer.Ordinal) { ["encode"] = Spread.Of(encode) };
            foreach ((string stage, LatencyHistogram histogram) in latencies.ToList())
            {
                if (stage != "wait")
                {
                    byName[stage] = Spread.Of(histogram);
                }
            }

            return new Stages(Spread.Of(model), byName, Spread.Of(pipeline), Spread.Of(messages), (double)allocated / pipeline.Count);
        }
    }

    private static PerceptionFrame Perceive(Perceiver perceiver, CameraFrame picture) => perceiver.Perceive(picture, out PerceptionFrame? frame) is { } reason
        ? throw new InferenceException($"A picture was not perceived ({reason}): run 'vbedge run' with the same options to see why.")
        : frame!;

    private static void Encode(MessageEncoder encoder, PerceptionFrame frame)
    {
        using (frame)
        {
            if (encoder.TryEncode(frame, out EncodedFrame? encoded))
            {
                encoded.Dispose();
            }
        }
    }

    private long RunBare()
    {
        long begin = Stopwatch.GetTimestamp();
        _painter.RunBare(_instructions.Count);
        return Ns(Stopwatch.GetTimestamp() - begin);
    }

    private static long Ns(long ticks) => (long)(ticks * (1e9 / Stopwatch.Frequency));

    private async Task<(Flow Flow, TransportCost Cost)> MeasureFlowAsync(double? rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        var playback = new Playback(_album, rate, duration);
        var monitor = new ArrivalMonitor(Playback.MaxPictures);
        using var usage = new Usage();
        PipelineReport report = await RunAsync(playback, monitor, cancellationToken).ConfigureAwait(false);
        double cpu = usage.CpuPercent, gpu = usage.GpuPercent;
        ReadOnlySpan<long> sent = playback.Sent;

        // The first fifth fills pools and compiles code.
        int warm = 0;
        while (warm < sent.Length - 2 && sent[warm] - sent[0] < duration.TotalNanoseconds / 5)
        {
            warm++;
        }

        return (
            Flow.Of(NameOf(rate), rate ?? double.NaN, sent[warm..], monitor.Received[warm..sent.Length], cpu, gpu),
            CostOf("none: queue and clock only", "monitor", report));
    }

    private async Task<TransportCost> MeasureTransportAsync(string name, IMessageTransport transport, TimeSpan duration, CancellationToken cancellationToken)
    {
        PipelineReport report = await RunAsync(new Playback(_album, null, duration), transport, cancellationToken).ConfigureAwait(false);
        return CostOf(name, transport.Name, report);
    }

    private static TransportCost CostOf(string name, string transport, PipelineReport report)
    {
        LatencyHistogram send = report.Latencies.FirstOrDefault(l => l.Key == $"send_{transport}").Value ?? new LatencyHistogram();
        return new TransportCost(name, report.AllocatedBytesPerFrame, report.FramesPerSecond, [send.PercentileMs(0.5), send.PercentileMs(0.95)]);
    }

    private async Task<PipelineReport> RunAsync(Playback playback, IMessageTransport transport, CancellationToken cancellationToken)
    {
        var pipeline = new PerceptionPipeline(new PipelineParts
        {
            Device = "bench",
            Source = playback.Source,
            Painter = _painter,
            Instructions = ScheduleOf(everyPicture: false),
            Perceive = PipelineBuilder.OptionsOf(_settings.Pipeline),
            Images = _images,
            Streams = _settings.Pipeline.Streams with { Mount = _settings.Pipeline.Camera.Mount },
            Transports = [transport],
            Sinks = _settings.Pipeline.Sinks,
            Overlap = _overlap,
            Logger = _loggers.CreateLogger("vbedge"),
        });
        await pipeline.RunAsync(cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return pipeline.Report();
    }

    private sealed record Stages(Spread Model, IReadOnlyDictionary<string, Spread> ByName, Spread Pipeline, Spread Messages, double AllocatedBytesPerFrame);
}
