using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Sources;

namespace VisionBanana.Edge.Cli.Pipelines;

/// <summary>What the command line says instead of a pipeline file.</summary>
internal static class CommandLine
{
    /// <summary>
    /// The same pipeline with what the command line says instead. What the file says of the camera stays: its name, frame, and mount. A source
    /// other than that of the file brings its own calibration or none; options of opening stay where it is opened in the same way.
    /// </summary>
    public static PipelineFile With(
        this PipelineFile file, string? source, string? calibration, double? hfovDegrees, string? model, IReadOnlyList<string> instructions,
        string? precision = null,
        string? topic = null)
    {
        CommonOptions.RefuseBoth(calibration, hfovDegrees);
        CameraEntry camera = source is null ? file.Camera : file.Camera.At(source);
        if (calibration is not null || hfovDegrees is not null)
        {
            camera = camera with { Calibration = calibration, HfovDegrees = hfovDegrees };
        }

        if (topic is not null)
        {
            camera = camera with { Source = camera.Source with { Topic = topic } };
        }

        return file with
        {
            Camera = camera,
            Painter = file.Painter with { Model = model ?? file.Painter.Model, Execution = CommonOptions.With(file.Painter.Execution, precision) },
            Instructions = instructions.Count == 0 ? file.Instructions : [.. instructions.Select(InstructionEntry.OfCommandLine)],
        };
    }

    /// <summary>The same for all cameras of a file; what concerns one camera is refused where there are several.</summary>
    public static RobotFile With(
        this RobotFile file, string? source, string? calibration, double? hfovDegrees, string? model, IReadOnlyList<string> instructions,
        string? precision = null,
        string? topic = null)
    {
        (string Option, bool IsGiven)[] ofOneCamera =
        [
            ("--source", source is not null), ("--camera", calibration is not null), ("--hfov", hfovDegrees is not null), ("--topic", topic is not null),
        ];
        if (file.HasSeveral && Array.Find(ofOneCamera, o => o.IsGiven) is { IsGiven: true } given)
        {
            throw new ConfigurationException(
                $"{given.Option} is said of one camera, but {file.Path} names {file.Cameras.Count} "
                    + $"({string.Join(", ", file.Cameras.Select(c => c.Camera.Name))}): say it in the file.");
        }

        return file with
        {
            Cameras = [.. file.Cameras.Select(c => c.With(source, calibration, hfovDegrees, model, instructions, precision, topic))],
        };
    }

    private static CameraEntry At(this CameraEntry camera, string source)
    {
        string before = camera.Source.Address;
        if (source == before || (
            KindOf(source) == AddressKind.Path && KindOf(before) == AddressKind.Path && Path.GetFullPath(source) == Path.GetFullPath(before)))
        {
            return camera;
        }

        bool opensAlike = KindOf(source) == KindOf(before) && KindOf(source) != AddressKind.Path;
        return camera with
        {
            Source = new SourceEntry(source, opensAlike ? camera.Source.Options : Kept(camera.Source.Options, KindOf(source)), Require: camera.Source.Require),
            Calibration = null,
            HfovDegrees = null,
        };
    }

    /// <summary>
    /// What is said of the pictures, where pictures may be files. Quarter turns are of the camera: its recordings hold turned pictures.
    /// </summary>
    private static CameraSourceOptions Kept(CameraSourceOptions options, AddressKind kind) => kind == AddressKind.Path
        ? new CameraSourceOptions { Scale = options.Scale, Rotation = options.Rotation == PictureRotation.Exif ? PictureRotation.Exif : default }
        : new CameraSourceOptions();

    private static AddressKind KindOf(string address) =>
        address.StartsWith(ProgramKind.Scheme, StringComparison.OrdinalIgnoreCase) ? AddressKind.Program
        : address.StartsWith("/dev/", StringComparison.Ordinal) || address.All(char.IsAsciiDigit) ? AddressKind.Device
        : address.Contains("://", StringComparison.Ordinal) ? AddressKind.Url
        : AddressKind.Path;

    private enum AddressKind
    {
        Path,
        Program,
        Device,
        Url,
    }
}
