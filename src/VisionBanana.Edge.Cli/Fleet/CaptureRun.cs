using System.Globalization;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>
/// A robot without a painter: its pictures go to a group of workers over a broker, and it keeps the books of what became of them. Status, diagnostics
/// and commands are those of a pipeline.
/// </summary>
internal sealed partial class CaptureRun : IObserver<CameraFrame>, IAsyncDisposable
{
    /// <summary>A worker may take so long beyond the expiry of a picture.</summary>
    private static readonly TimeSpan Painting = TimeSpan.FromSeconds(3), LastAnswers = TimeSpan.FromSeconds(2), Sweeping = TimeSpan.FromMilliseconds(200);

    /// <summary>The rig is said again every hour.</summary>
    private const int RigTurns = 5 * 3600;

    /// <summary>Pictures whose time of sending is remembered at least.</summary>
    private const int RememberedTimes = 1024;

    private readonly PipelineFile _file;
    private readonly FleetEntry _fleet;
    private readonly ICameraSource _source;
    private readonly IImageEncoder _images;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly FlowLedger _ledger = new();
    private readonly ISinkCounter _account;
    private readonly PictureBook _book;
    private readonly PictureSender _sender;
    private readonly MqttTransport _talk;
    private readonly CaptureControls _controls;
    private readonly ClockOffset _offset = new();
    private readonly CpuMeter _cpu = new();
    private readonly CdrWriter _writer = new(1 << 16);
    private readonly WireMessage _picture;
    private readonly Dictionary<long, long> _sentNs = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _commands = new();
    private readonly long _startNs;
    private Task _rigsSaid = Task.CompletedTask;
    private byte[] _rgb = [];
    private long _bytes, _sent;
    private volatile bool _rigIsMissed;
    private string _model = "";

    /// <summary>Puts it together; nothing is opened yet. The source stays the caller's.</summary>
    /// <exception cref="ConfigurationException">The file asks for what workers cannot do.</exception>
    public CaptureRun(PipelineFile file, FleetEntry fleet, ICameraSource source, IImageEncoder images, ILoggerFactory loggers, TimeProvider clock)
    {
        (_file, _fleet, _source, _images, _clock) = (file, fleet, source, images, clock);
        _log = loggers.CreateLogger("vbedge");
        byte[] rig = RigOf(null);
        CheckCalibration(file, source.Intrinsics);
        MqttOptions mqtt = file.Mqtt!.Transport;
        _account = _ledger.Open("fleet");
        _book = new PictureBook(_account, TimeSpan.FromSeconds(fleet.ExpirySeconds) + Painting, fleet.MaxUnanswered, clock);
        _sender = new PictureSender(mqtt, fleet.Group, (uint)fleet.ExpirySeconds, Hear, loggers.CreateLogger<MqttTransport>(), clock);
        _sender.SetRigAsync(Rig.HashOf(rig), rig).GetAwaiter().GetResult();
        _controls = new CaptureControls(file.Instructions, ChangeInstructions);
        _talk = new MqttTransport(mqtt with { StateIsOthers = true }, loggers.CreateLogger<MqttTransport>(), clock);
        _talk.Attach(_controls);
        _picture = new WireMessage { Stream = Streams.Color, Schema = CompressedImage.Schema };
        _startNs = CaptureTime.MonotonicNow(clock);
    }

    /// <summary>How the pictures stand.</summary>
    public SinkFlow Flow => _ledger.Snapshot()[0];

    /// <summary>What is told at the end, and by JSON.</summary>
    public CaptureReport Report(bool interrupted)
    {
        SinkFlow flow = Flow;
        return new CaptureReport(
            flow.Captured, flow.Published, flow.Dropped.ToDictionary(d => d.Key.ToString(), d => d.Value), flow.InFlight, _book.AnsweredTwice,
            _book.AnsweredLate, _model, Interlocked.Read(ref _sent), Interlocked.Read(ref _bytes), _cpu.TotalS, _cpu.MsPerPicture,
            (CaptureTime.MonotonicNow(_clock) - _startNs) / 1e9, _offset.Worst?.Offset.TotalSeconds, interrupted);
    }

    /// <summary>Runs until the source ends, so many pictures were captured, or it is cancelled; then waits a little for the last answers.</summary>
    /// <exception cref="VisionBananaException">The broker is required and absent, or the camera is gone for good.</exception>
    public async Task RunAsync(long? maxFrames, CancellationToken cancellationToken)
    {
        await _talk.StartAsync(cancellationToken).ConfigureAwait(false);
        await _sender.StartAsync(cancellationToken).ConfigureAwait(false);
        using var ended = new CancellationTokenSource();
        Task watching = WatchAsync(ended.Token);
        try
        {
            IObservable<CameraFrame> pictures = _source.Counted(_ledger, _log);
            pictures = maxFrames is { } most ? pictures.StopAfter(most, _ledger) : pictures;
            pictures = _source.IsLive ? pictures.KeepLatest(_ledger, _log) : pictures.KeepAll(2, _ledger, _log);
            using (_controls.Gate.Apply(pictures, hold: !_source.IsLive, _ledger).Subscribe(this))
            using (cancellationToken.Register(() => _ended.TrySetResult()))
            {
                await _ended.Task.ConfigureAwait(false);
            }

            await WaitForAnswersAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
            _book.CloseAll(DropReason.Stopped);
        }
    }

    /// <inheritdoc/>
    public void OnNext(CameraFrame value)
    {
        if (WaitForRoom() is { } full)
        {
            _ledger.Dropped(full);
            return;
        }

        if (Encode(value) is { } reason)
        {
            _ledger.Dropped(reason);
            return;
        }

        // Its answer may be here before the broker said that it has the picture.
        (long sequence, long capturedNs) = (value.SequenceNumber, value.CapturedAt.UtcNs);
        _ledger.HandedToSinks();
        _book.Open(sequence, capturedNs);
        lock (_sentNs)
        {
            _sentNs[sequence] = CaptureTime.Now(_clock).UtcNs;
            if (_sentNs.Count > 2 * RememberedTimes)
            {
                foreach (long old in _sentNs.Keys.Where(s => s <= sequence - RememberedTimes).ToArray())
                {
                    _sentNs.Remove(old);
                }
            }
        }

        DropReason? result;
        try
        {
            result = _sender.SendAsync(_picture).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotSent(_log, e);
            result = DropReason.SendFailed;
        }

        if (result is not null)
        {
            _book.Settle(sequence, capturedNs, result);
        }
        else
        {
            Interlocked.Increment(ref _sent);
            _cpu.Count();
            Interlocked.Add(ref _bytes, _picture.Payload.Length);
        }
    }

    /// <inheritdoc/>
    public void OnError(Exception error) => _ended.TrySetException(error);

    /// <inheritdoc/>
    public void OnCompleted() => _ended.TrySetResult();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _talk.DisposeAsync().ConfigureAwait(false);
        await _rigsSaid.ConfigureAwait(false);
        await _sender.DisposeAsync().ConfigureAwait(false);
    }

    private static void CheckCalibration(PipelineFile file, CameraIntrinsics? calibration)
    {
        if (calibration is null && file.Instructions.Any(i => Instructions.Instruction.TryParse(i.Ask, null, out Instructions.Instruction? asked, out _)
            && asked.NeedsCalibration))
        {
            throw new ConfigurationException(
                $"{file.Path}: depth and normals need a calibrated camera: expected camera.calibration or camera.hfov_deg, found neither. No worker would "
                + "answer these pictures.");
        }
    }

    private byte[] RigOf(IReadOnlyList<AskedInstruction>? instructions) => Rig.Write(_file, _source.Intrinsics, _fleet, instructions);

    private string? ChangeInstructions(IReadOnlyList<AskedInstruction> instructions)
    {
        try
        {
            byte[] rig = RigOf(instructions);
            _ = Rig.Read(rig, "instructions");
            lock (_commands)
            {
                Task before = _rigsSaid;
                _rigsSaid = Task.Run(() => SayAfterAsync(before, rig));
            }

            return null;
        }
        catch (ConfigurationException e)
        {
            return e.Message;
        }
    }

    /// <summary>Commands hold in the order in which they came.</summary>
    private async Task SayAfterAsync(Task before, byte[] rig)
    {
        await before.ConfigureAwait(false);
        try
        {
            await _sender.SetRigAsync(Rig.HashOf(rig), rig).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotSaid(_log, e);
        }
    }

    /// <summary>A file waits until there is room; of a camera the picture is dropped.</summary>
    private DropReason? WaitForRoom()
    {
        while (!_book.WaitForRoom(_source.IsLive ? TimeSpan.Zero : Sweeping))
        {
            if (_source.IsLive || _ended.Task.IsCompleted)
            {
                return _source.IsLive ? DropReason.QueueFull : DropReason.Stopped;
            }
        }

        return null;
    }

    private DropReason? Encode(CameraFrame frame)
    {
        if (_rgb.Length != frame.Pixels.Length)
        {
            _rgb = new byte[frame.Pixels.Length];
        }

        ChannelOrder.ToRgb(frame.Pixels, frame.Format, _rgb);
        string format = _fleet.IsLossless ? ImageEncodings.Png : ImageEncodings.Jpeg;
        _writer.Begin();
        int start = CompressedImage.Begin(_writer, new Header(Time.FromNanoseconds(frame.CapturedAt.UtcNs), _file.Camera.FrameId), format);
        if (_fleet.IsLossless)
        {
            _images.EncodePng(_rgb, frame.Width, frame.Height, _writer);
        }
        else
        {
            _images.EncodeJpeg(_rgb, frame.Width, frame.Height, _fleet.JpegQuality, _writer);
        }

        int length = _writer.EndBytes(start);
        (_picture.SequenceNumber, _picture.CapturedNs, _picture.FrameId) = (frame.SequenceNumber, frame.CapturedAt.UtcNs, _file.Camera.FrameId);
        (_picture.Encoding, _picture.Width, _picture.Height) = (format, frame.Width, frame.Height);
        (_picture.DataOffset, _picture.DataLength, _picture.Payload) = (start, length, _writer.Written);
        return _picture.Payload.Length > _fleet.MaxPictureBytes ? DropReason.TooLarge : null;
    }

    private void Hear(Receipt receipt)
    {
        if (!_book.Knows(receipt.SequenceNumber, receipt.CapturedNs))
        {
            return;
        }

        _model = $"{receipt.Model} {receipt.ModelSha256}";
        lock (_sentNs)
        {
            if (_sentNs.TryGetValue(receipt.SequenceNumber, out long sent))
            {
                _offset.Note(receipt, sent, CaptureTime.Now(_clock).UtcNs);
            }
        }

        _book.Settle(receipt.SequenceNumber, receipt.CapturedNs, receipt.Dropped);
        if (receipt.Dropped == DropReason.Refused)
        {
            // A broker that was restarted has forgotten what is said of the camera.
            _rigIsMissed = true;
        }
    }

    private async Task WaitForAnswersAsync(CancellationToken cancellationToken)
    {
        long start = _clock.GetTimestamp();
        long? told = null;
        TimeSpan limit = TimeSpan.FromSeconds(_fleet.ExpirySeconds) + Painting + LastAnswers;
        while (Flow.InFlight > 0 && _clock.GetElapsedTime(start) < limit)
        {
            // Who is told to end waits only a little longer.
            if (cancellationToken.IsCancellationRequested && _clock.GetElapsedTime(told ??= _clock.GetTimestamp()) >= LastAnswers)
            {
                return;
            }

            await Task.Delay(20, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Sweeping, _clock);
        try
        {
            for (int turn = 0; await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false); turn++)
            {
                _book.Sweep();
                if (turn % RigTurns == RigTurns - 1 || (_rigIsMissed && turn % 5 == 0))
                {
                    _rigIsMissed = false;
                    await _sender.SayRigAsync().ConfigureAwait(false);
                }

                if (turn % 5 == 4)
                {
                    await _talk.SendAsync(Diagnostics(), CancellationToken.None).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run ended.
        }
    }

    private WireMessage Diagnostics()
    {
        SinkFlow flow = Flow;
        (string Worker, TimeSpan Offset, TimeSpan Doubt)? worst = _offset.Worst;
        bool isOff = worst is { } w && w.Offset.Duration() - w.Doubt > ClockOffset.Told;
        string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
        DiagnosticStatus capture = DiagnosticsMessage.Status(
            "vbedge: capture", isOff || flow.Dropped.Keys.Any(r => r != DropReason.Paused) ? DiagnosticLevel.Warn : DiagnosticLevel.Ok,
            isOff ? $"the clock of worker {worst!.Value.Worker} is {Number(worst.Value.Offset.TotalSeconds)} s ahead of this robot's: set both (NTP)"
                : _source.State,
            _file.Device,
            [
                ("camera", _source.Description),
                ("group", _fleet.Group),
                ("broker", _sender.State),
                ("model", _model.Length > 0 ? _model : "no worker answered yet"),
                ("paused", _controls.State.IsPaused ? "true" : "false"),
                ("clock_offset_s", worst is { } known ? Number(known.Offset.TotalSeconds) : "unknown"),
                ("captured", Number(flow.Captured)),
                ("answered", Number(flow.Published)),
                ("in_flight", Number(flow.InFlight)),
                ("answered_twice", Number(_book.AnsweredTwice)),
                .. flow.Dropped.Select(d => ($"dropped_{d.Key}", Number(d.Value))),
            ]);
        return DiagnosticsMessage.Create(CaptureTime.Now(_clock).UtcNs, capture);
    }

    [LoggerMessage(LogLevel.Error, "What is asked now could not be said to the workers.")]
    private static partial void LogNotSaid(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "A picture could not be handed over.")]
    private static partial void LogNotSent(ILogger logger, Exception exception);
}
