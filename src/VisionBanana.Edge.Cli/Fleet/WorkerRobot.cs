using System.Diagnostics.CodeAnalysis;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>One camera that a worker answers for: its tables, its way from pictures to messages, and where they go.</summary>
internal sealed class WorkerRobot
{
    private const int RememberedPictures = 64;

    private readonly Rig _rig;
    private readonly WorkerParts _parts;
    private readonly Perceiver _perceiver;
    private readonly MessageEncoder _encoder;
    private readonly RobotOutput _output;
    private readonly Queue<(long, long)> _recent = new();

    /// <summary>Makes the tables of a rig.</summary>
    /// <exception cref="ConfigurationException">The painter cannot answer what the rig asks.</exception>
    public WorkerRobot(Rig rig, WorkerParts parts)
    {
        (_rig, _parts) = (rig, parts);
        var schedule = new InstructionSchedule(InstructionEntry.Parse(rig.File.Instructions, parts.Painter));
        _perceiver = new Perceiver(parts.Painter, schedule, PipelineBuilder.OptionsOf(rig.File), parts.Latencies, parts.Clock)
        {
            SchedulesByNumber = true,
            Stopping = parts.Stopping,
        };
        WhyNotCalibrated = Refusal(rig);
        _encoder = new MessageEncoder(rig.File.Streams with { Mount = rig.File.Camera.Mount, PoolCapacity = 1 }, parts.Images);
        _output = new RobotOutput(rig.File.Mqtt!.Transport, parts.Log, parts.Clock);
    }

    /// <summary>Why its pictures cannot be answered for want of a calibration; null = they can.</summary>
    public string? WhyNotCalibrated { get; }

    /// <summary>A picture that is older when its turn comes is not painted.</summary>
    public TimeSpan MaxAge => _rig.MaxAge;

    /// <summary>True for a picture that was taken here before.</summary>
    public bool Repeats(WireMessage picture)
    {
        (long, long) name = (picture.SequenceNumber, picture.CapturedNs);
        if (_recent.Contains(name))
        {
            return true;
        }

        if (_recent.Count == RememberedPictures)
        {
            _recent.Dequeue();
        }

        _recent.Enqueue(name);
        return false;
    }

    /// <summary>Decodes and paints a picture.</summary>
    /// <param name="taken">The picture.</param>
    /// <param name="ageNs">How old it was when it arrived.</param>
    /// <param name="encoded">Its messages; null when there are none.</param>
    /// <returns>Null, or why there are none.</returns>
    /// <exception cref="InferenceException">The painter is gone for good.</exception>
    public (DropReason Reason, string Why)? Perceive(TakenPicture taken, long ageNs, out EncodedFrame? encoded)
    {
        encoded = null;
        if (!TryDecode(taken, ageNs, out CameraFrame? frame, out string problem))
        {
            return (DropReason.Unreadable, problem);
        }

        using (frame)
        {
            if (_perceiver.Perceive(frame, out PerceptionFrame? percepts) is { } reason)
            {
                return (reason, "");
            }

            using (percepts)
            {
                return _encoder.TryEncode(percepts!, out encoded) ? null : (DropReason.PoolExhausted, "");
            }
        }
    }

    /// <summary>Publishes what was perceived on the connection that brought the picture; null, or why not all of it.</summary>
    public async Task<DropReason?> PublishAsync(TakenPicture taken, EncodedFrame encoded)
    {
        DropReason? failure = null;
        for (int i = 0; i < encoded.Messages.Count; i++)
        {
            failure = await _output.SendAsync(taken.Session, encoded.Messages[i]).ConfigureAwait(false) ?? failure;
        }

        return failure;
    }

    private string? Refusal(Rig rig)
    {
        try
        {
            _perceiver.RequireCalibrationFor(rig.Calibration);
            return null;
        }
        catch (ConfigurationException e)
        {
            return e.Message;
        }
    }

    private bool TryDecode(TakenPicture taken, long ageNs, [NotNullWhen(true)] out CameraFrame? frame, out string problem)
    {
        WireMessage picture = taken.Picture;
        frame = null;
        problem = MessageValidator.WhyMalformed(picture) ?? "";
        if (problem.Length == 0 && ((long)picture.Width * picture.Height > WorkerParts.MostPixels || picture.Width < 2 || picture.Height < 2))
        {
            problem = $"a picture of {picture.Width}×{picture.Height} is outside 2×2 to {WorkerParts.MostPixels} pixels";
        }

        if (problem.Length == 0 && _rig.Calibration is { } camera && (camera.Width != picture.Width || camera.Height != picture.Height))
        {
            problem = $"the picture is {picture.Width}×{picture.Height}, its calibration is for {camera.Width}×{camera.Height}";
        }

        if (problem.Length > 0)
        {
            return false;
        }

        frame = _parts.Rent(picture.Width, picture.Height);
        try
        {
            CompressedImage compressed = RosMessage.Decode<CompressedImage>(picture.Payload);
            _parts.Decoder.Decode(compressed.Data, picture.Width, picture.Height, frame.Format, frame.Pixels);
            frame.CapturedAt = new CaptureTime(taken.Taken.MonotonicNs - ageNs, picture.CapturedNs);
            (frame.SequenceNumber, frame.FrameId, frame.Intrinsics) = (picture.SequenceNumber, _rig.File.Camera.FrameId, _rig.Calibration);
            return true;
        }
        catch (MessageFormatException e)
        {
            frame.Dispose();
            frame = null;
            problem = e.Message;
            return false;
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }
}
