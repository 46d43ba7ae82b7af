using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// One camera's way from pictures to percepts: rectify, paint, decode. Tables and buffers are made for the first picture
/// and again when the camera changes; after that nothing is allocated. Not for several threads at once.
/// </summary>
public sealed class Perceiver
{
    private const string CalibrationNeeded =
        "Depth and normals need a calibrated camera: a picture shows angles, not metres. Expected a calibration (camera_info YAML) or an "
        + "explicit horizontal field of view (hfov_deg, --hfov), found neither.";

    private readonly IPainter _painter;
    private readonly PerceiveOptions _options;
    private readonly Navigator? _navigator;
    private readonly StageLatencies _latencies;
    private readonly TimeProvider _clock;
    private readonly PerceptDecoder _decoder = new();
    private readonly FrameScale? _scale;
    private readonly LeasePool<PerceptionFrame> _painted;
    private readonly LeasePool<PictureInWork> _work;
    private CameraSetup? _setup;
    private long _index;
    private int _failures;
    private CameraMount? _liveMount, _turnedMount;
    private bool _isCalibrated;

    /// <summary>Creates the way for one camera.</summary>
    /// <param name="painter">The model; stays the caller's.</param>
    /// <param name="schedule">What is asked of which picture.</param>
    /// <param name="options">How.</param>
    /// <param name="latencies">Gets the durations of the stages <c>wait</c> (from capture), <c>rectify</c>, <c>paint</c>, <c>decode</c>, <c>scale</c>,
    /// <c>resample</c> and <c>cloud</c>.</param>
    /// <param name="clock">The clock of the durations.</param>
    /// <exception cref="ConfigurationException">The painter cannot answer one of the instructions.</exception>
    public Perceiver(
        IPainter painter, InstructionSchedule schedule, PerceiveOptions? options = null, StageLatencies? latencies = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(painter);
        ArgumentNullException.ThrowIfNull(schedule);
        _painter = painter;
        Schedule = schedule;
        _options = options ?? new PerceiveOptions();
        _navigator = _options.Navigation is { } navigation ? new Navigator(navigation) : null;
        _latencies = latencies ?? new StageLatencies();
        _clock = clock ?? TimeProvider.System;
        _scale = _options.Scale is { } scale ? new FrameScale(new ScaleEstimator(scale)) : null;
        PainterDescription description = painter.Description;
        if (_options is { View.LooksAhead: false, Size: OutputSize.Source })
        {
            throw new ConfigurationException(
                "A view that looks elsewhere (camera.view: yaw_deg, pitch_deg) has no pixels of the source: expected output size painter, found source.");
        }

        _painted = PerceptionFrame.CreatePool(_options.PoolCapacity, description.Width, description.Height);
        _work = new LeasePool<PictureInWork>(_options.PoolCapacity, pool => new PictureInWork(pool));
        if (_navigator is not null && !schedule.Instructions.Any(i => i.Instruction.Kind == PerceptKind.Depth))
        {
            throw new ConfigurationException("Obstacles are seen in depth, and depth is not asked: add the instruction depth.");
        }

        foreach (ScheduledInstruction entry in schedule.Instructions)
        {
            if (painter.WhyNot(entry.Instruction) is { } reason)
            {
                throw new ConfigurationException($"The painter '{description.Name}' cannot answer \"{entry.Instruction.Prompt}\": {reason}");
            }
        }
    }

    /// <summary>What is asked of which picture.</summary>
    public InstructionSchedule Schedule { get; }

    /// <summary>Checks what can be checked before the first picture.</summary>
    /// <param name="intrinsics">The calibration of the pictures to come; null = not calibrated.</param>
    /// <param name="problem">Why a calibration that was found cannot be used: it is named, not called missing.</param>
    /// <exception cref="ConfigurationException">Depth, normals or a cloud are asked of a camera that is not calibrated, or an anchor of the scale lies outside
    /// its view.</exception>
    public void RequireCalibrationFor(CameraIntrinsics? intrinsics, string? problem = null)
    {
        if (intrinsics is null && Schedule.Instructions.Any(i => i.Instruction.NeedsCalibration))
        {
            throw new ConfigurationException(problem is null ? CalibrationNeeded : $"{problem} Give the calibration of these pictures with --camera.");
        }

        _isCalibrated |= intrinsics is not null;

        if (_options.Scale is { } scale && Painted(intrinsics) is { } painted
            && scale.Anchors.Select(a => a.WhyNot(painted)).OfType<string>().ToArray() is { Length: > 0 } reasons)
        {
            throw new ConfigurationException($"The scale cannot be measured: {string.Join("; ", reasons)}.");
        }
    }

    /// <summary>
    /// The part of the source's pixels, 0 to 1, that the painted view leaves out; null = not calibrated. See
    /// <see cref="PaintedCamera.LeftOut(CameraIntrinsics, CameraIntrinsics, CameraView?)"/>.
    /// </summary>
    /// <param name="intrinsics">The calibration of the pictures.</param>
    public double? LeftOut(CameraIntrinsics? intrinsics) =>
        Painted(intrinsics) is { } painted ? PaintedCamera.LeftOut(intrinsics!, painted, _options.View) : null;

    /// <summary>Checks zones against the view of the camera of the pictures to come; null = not known yet.</summary>
    /// <exception cref="ConfigurationException">A zone lies outside the view.</exception>
    internal void CheckNavigation(CameraIntrinsics? intrinsics)
    {
        if ((_options.Size == OutputSize.Source ? intrinsics : Painted(intrinsics)) is { } camera)
        {
            _navigator?.Check(camera);
        }
    }

    /// <summary>Says why an instruction cannot be answered here, or null when it can.</summary>
    /// <param name="instruction">What would be asked.</param>
    /// <param name="intrinsics">The calibration of the pictures; null = not calibrated.</param>
    public string? WhyNot(Instruction instruction, CameraIntrinsics? intrinsics)
    {
        ArgumentNullException.ThrowIfNull(instruction);
        return _painter.WhyNot(instruction) ?? (intrinsics is null && instruction.NeedsCalibration ? CalibrationNeeded : null);
    }

    /// <summary>Estimates the scale; null = nobody does.</summary>
    internal ScaleEstimator? Scale => _scale?.Estimator;

    /// <summary>The most results that may be held at once.</summary>
    internal int PoolCapacity => _painted.Capacity;

    /// <summary>Ends a painting that takes long: the run is being stopped.</summary>
    internal CancellationToken Stopping { get; set; }

    /// <summary>
    /// True: what is due follows the number of the picture, for one of several perceivers that share a camera's pictures. False: it follows the count of the
    /// pictures that were painted here.
    /// </summary>
    internal bool SchedulesByNumber { get; init; }

    /// <summary>Perceives one picture.</summary>
    /// <param name="picture">Borrowed.</param>
    /// <param name="frame">The result with one reference, to be disposed by the caller; null when the picture was dropped.</param>
    /// <returns>Null, or why there is no result.</returns>
    /// <exception cref="InferenceException">The engine failed too often in a row.</exception>
    /// <exception cref="ConfigurationException">See <see cref="RequireCalibrationFor"/>. Not where it was told of a calibration before: then a picture
    /// without one is dropped.</exception>
    public DropReason? Perceive(CameraFrame picture, out PerceptionFrame? frame)
    {
        frame = null;
        if (Prepare(picture, out PictureInWork? work) is { } reason)
        {
            return reason;
        }

        using (work)
        {
            return Paint(work!) ?? Finish(work!, out frame);
        }
    }

    /// <summary>The first stage: rectifies. The stages may run on a thread each, pictures in order.</summary>
    internal DropReason? Prepare(CameraFrame picture, out PictureInWork? work)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (_setup is null || !_setup.Fits(picture))
        {
            if (picture.Intrinsics is null && _isCalibrated && Schedule.Instructions.Any(i => i.Instruction.NeedsCalibration))
            {
                work = null;
                return DropReason.Uncalibrated;
            }

            RequireCalibrationFor(picture.Intrinsics);
            _setup = new CameraSetup(picture, _painter.Description, _options);
        }

        if (!_work.TryRent(out work))
        {
            return DropReason.PoolExhausted;
        }

        if (!_painted.TryRent(out PerceptionFrame? frame))
        {
            work.Dispose();
            work = null;
            return DropReason.PoolExhausted;
        }

        (work.Frame, work.Setup) = (frame, _setup);
        try
        {
            if (_setup.ReadsSourceAgain)
            {
                picture.Retain();
                work.Source = picture;
            }

            long start = _latencies.Lap("wait", picture.CapturedAt.MonotonicNs, _clock);
            _setup.Rectifier.Apply(picture, frame);
            frame.Support ??= _options.Mount is { } live ? live.At(picture.CapturedAt.UtcNs) : _options.Support;
            frame.Mount = LiveMount(picture.CapturedAt.UtcNs);
            _latencies.Lap("rectify", start, _clock);
            return null;
        }
        catch
        {
            work.Dispose();
            throw;
        }
    }

    /// <summary>The second stage: paints what is due.</summary>
    internal DropReason? Paint(PictureInWork work)
    {
        work.Due = Schedule.Due(SchedulesByNumber ? work.Frame!.SequenceNumber : _index++);
        if (work.Due.Count == 0)
        {
            return null;
        }

        long start = CaptureTime.MonotonicNow(_clock);
        try
        {
            _painter.Paint(work.Frame!, work.Due, Stopping);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            return DropReason.Stopped;
        }
        catch (InferenceException) when (++_failures < _options.MaxFailuresInARow)
        {
            return DropReason.InferenceFailed;
        }

        _failures = 0;
        _latencies.Lap("paint", start, _clock);
        return null;
    }

    /// <summary>As <see cref="Paint(PictureInWork)"/>, handing the same picture on.</summary>
    internal DropReason? Paint(PictureInWork work, out PictureInWork? painted)
    {
        painted = null;
        if (Paint(work) is { } reason)
        {
            return reason;
        }

        work.Retain();
        painted = work;
        return null;
    }

    /// <summary>The third stage: decodes, resamples and lifts to 3D.</summary>
    internal DropReason? Finish(PictureInWork work, out PerceptionFrame? result)
    {
        PerceptionFrame frame = work.Frame!;
        long start = CaptureTime.MonotonicNow(_clock);
        for (int i = 0; i < work.Due.Count; i++)
        {
            _decoder.Decode(frame, frame.Find(work.Due[i].Kind)!);
        }

        if (work.Due.Count > 0)
        {
            start = _latencies.Lap("decode", start, _clock);
        }

        if (_scale is not null)
        {
            _scale.Apply(frame);
            _latencies.Lap("scale", start, _clock);
        }

        return Lift(work, out result);
    }

    /// <summary>Where live poses say that the painted camera sits; the same object while they say the same.</summary>
    private CameraMount? LiveMount(long stampNs)
    {
        CameraMount? live = _options.Mount?.MountAt(stampNs);
        if (live is null || _options.View is not { } view)
        {
            return live;
        }

        if (!ReferenceEquals(live, _liveMount))
        {
            (_liveMount, _turnedMount) = (live, view.Of(live));
        }

        return _turnedMount;
    }

    private CameraIntrinsics? Painted(CameraIntrinsics? camera)
    {
        PainterDescription painter = _painter.Description;
        return PaintedCamera.For(
            camera, painter.Width, painter.Height, _options.View?.HorizontalFovDegrees ?? painter.HorizontalFovDegrees, painter.Fit);
    }

    /// <summary>Resamples and lifts to 3D what was asked and takes the result out of the picture in work.</summary>
    private DropReason? Lift(PictureInWork work, out PerceptionFrame? result)
    {
        result = null;
        CameraSetup setup = work.Setup!;
        PerceptionFrame frame = work.Frame!;
        PerceptionFrame? resampled = null;
        if (setup.ReadsSourceAgain && !setup.TryRent(out resampled))
        {
            return DropReason.PoolExhausted;
        }

        try
        {
            long start = CaptureTime.MonotonicNow(_clock);
            if (resampled is not null)
            {
                setup.Resampler!.Apply(frame, work.Source!, resampled);
                frame = resampled;
                start = _latencies.Lap("resample", start, _clock);
            }

            if (setup.Cloud is { } cloud && frame.Scale.IsTrusted && frame.Find(PerceptKind.Depth) is not null)
            {
                cloud.Build(frame);
                start = _latencies.Lap("cloud", start, _clock);
            }

            if (_navigator is not null && frame.Intrinsics is not null)
            {
                _navigator.Update(PictureNavigation.InputOf(
                    frame, _options.Mount is { HasPoses: true } ? frame.Mount : _options.Navigation!.Mount), frame.AddSurroundings());
                _latencies.Lap("navigate", start, _clock);
            }
        }
        catch
        {
            resampled?.Dispose();
            throw;
        }

        result = resampled ?? work.Take();
        return null;
    }
}
