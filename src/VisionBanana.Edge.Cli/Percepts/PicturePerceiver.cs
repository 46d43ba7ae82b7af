using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Percepts;

/// <summary>Perceives pictures that have nothing to do with each other, and writes what it saw.</summary>
internal sealed class PicturePerceiver
{
    private readonly Perceiver _perceiver;
    private readonly CameraIntrinsics? _calibration;
    private readonly double? _hfovDegrees;
    private readonly bool _isOfSource;
    private CameraIntrinsics? _scaled;

    /// <summary>Checks that the painter can answer.</summary>
    /// <param name="painter">Stays the caller's.</param>
    /// <param name="asked">Instructions as on the command line.</param>
    /// <param name="size">In which pixels the results are.</param>
    /// <param name="calibration">The calibration of every picture; null = none.</param>
    /// <param name="hfovDegrees">A field of view instead of a calibration; null = none.</param>
    /// <param name="support">The floor in the camera's frame; null = not known.</param>
    /// <exception cref="ConfigurationException">The painter cannot answer, or what is asked needs a calibration.</exception>
    public PicturePerceiver(
        IPainter painter, IReadOnlyList<string> asked, OutputSize size, CameraIntrinsics? calibration, double? hfovDegrees, SupportPlane? support)
    {
        (_calibration, _hfovDegrees, _isOfSource) = (calibration, hfovDegrees, size == OutputSize.Source);
        IReadOnlyList<ScheduledInstruction> instructions = InstructionEntry.Parse(asked.Select(InstructionEntry.OfCommandLine), painter);
        _perceiver = new Perceiver(
            painter,
            new InstructionSchedule(instructions),
            new PerceiveOptions { Size = size, Cloud = new CloudOptions(), Support = support, MaxFailuresInARow = 1 });
        if (hfovDegrees is null)
        {
            _perceiver.RequireCalibrationFor(calibration);
        }
    }

    /// <summary>Which part of 16-bit samples is shown; null = all of it.</summary>
    public SampleScale? Scale { get; set; }

    /// <summary>Whether pictures are turned as they say.</summary>
    public PictureRotation Rotation { get; set; }

    /// <summary>Reads, perceives and writes.</summary>
    /// <exception cref="CameraException">The picture cannot be read, or its results not be written.</exception>
    /// <exception cref="InferenceException">The painter failed.</exception>
    public InferResult Perceive(PictureTask task)
    {
        var reading = new PictureReading(Rotation, Scale is null ? null : new SampleScaler(Scale));
        using CameraFrame picture = PictureFile.Read(task.Path, _calibration, reading: reading);
        picture.FrameId = "camera_optical";
        if (_calibration is not null)
        {
            // One camera for all pictures of a size: what is made from it is made once.
            picture.Intrinsics = _scaled = Scaled(picture);
        }

        if (_hfovDegrees is { } fov)
        {
            picture.Intrinsics = CameraIntrinsics.FromHorizontalFov(picture.Width, picture.Height, fov);
        }

        if (_perceiver.Perceive(picture, out PerceptionFrame? frame) is { } reason)
        {
            throw new InferenceException($"{task.Path} could not be perceived: {reason}.");
        }

        using (frame)
        {
            CreateFolder(Path.GetDirectoryName(task.Stem));
            return PerceptFiles.Write(frame!, task.Stem, task.Path) with
            {
                ViewLeavesOut = _perceiver.LeftOut(picture.Intrinsics),
                Stride = _isOfSource ? (picture.Width + frame!.Width - 1) / frame.Width : 1,
                SampleRange = reading.Range is { } range ? [range.Min, range.Max] : null,
            };
        }
    }

    private CameraIntrinsics Scaled(CameraFrame picture)
    {
        if (picture.Intrinsics == _calibration)
        {
            return _calibration!;
        }

        if (picture.Intrinsics == _scaled)
        {
            return _scaled!;
        }

        Console.Error.WriteLine(
            $"vbedge: warning: the calibration '{_calibration!.Name}' for {_calibration.Width}×{_calibration.Height} is scaled to pictures of "
            + $"{picture.Width}×{picture.Height}: right only when the camera shrinks its whole picture and does not crop it");
        return picture.Intrinsics!;
    }

    private static void CreateFolder(string? folder)
    {
        try
        {
            if (!string.IsNullOrEmpty(folder))
            {
                Directory.CreateDirectory(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CameraException($"The folder '{folder}' cannot be made: {e.Message}", e);
        }
    }
}
