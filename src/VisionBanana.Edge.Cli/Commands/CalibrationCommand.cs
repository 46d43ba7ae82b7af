using System.CommandLine;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Calibration.Formats;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.OpenCv.Calibration;
using VisionBanana.Edge.OpenCv.Pictures;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge calibration lint|convert|scale|show</c>: calibration files of every format.</summary>
internal static class CalibrationCommand
{
    public static Command Create() =>
        new("calibration", $"Checks, converts and shows calibration files. Formats: {string.Join(", ", CalibrationFile.FormatNames)}.")
    {
        Lint(),
        Convert(),
        Scale(),
        Show(),
    };

    private static Command Lint()
    {
        Argument<string> file = FileArgument("file", "The calibration; FILE#NAME examines one camera of several.");
        Option<FileInfo?> image = Image("A picture of this camera: its size must fit.");
        Option<bool> json = CommonOptions.Json();
        var command = new Command(
            "lint", "Looks for signs that a calibration is wrong or not that of its pictures. Exit code 1 on errors, 0 with warnings.")
        {
            file, image, json,
        };
        command.SetAction(parsed =>
        {
            LintReport report = LintReport.Of(parsed.GetValue(file)!, parsed.GetValue(image)?.ToString());
            string? error = report.Errors == 0 ? null
                : string.Join("; ", report.Findings.Where(f => f.Severity == LintSeverity.Error).Select(f => f.What));
            return Report.Print(parsed.GetValue(json), report, error is null ? ExitCode.Well : ExitCode.Failed, error);
        });
        return command;
    }

    private static Command Convert()
    {
        Argument<string> from = FileArgument("from", "The calibration; FILE#NAME takes one camera of several."), to = FileArgument("to", "The file to write.");
        Option<string?> format = Format();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("convert", "Writes a calibration in another format, which the new file's name tells or --to.") { from, to, format, json };
        command.SetAction(parsed =>
        {
            IReadOnlyList<CalibratedCamera> cameras = Cameras(parsed.GetValue(from)!);
            return Write(parsed.GetValue(to)!, cameras, parsed.GetValue(format), parsed.GetValue(json));
        });
        return command;
    }

    private static Command Scale()
    {
        Argument<string> from = FileArgument("from", "The calibration; FILE#NAME takes one camera of several."), to = FileArgument("to", "The file to write.");
        Option<(int Width, int Height)> size = OptionOf.Size(
            "--size", "a size", "640x480", "The new size of the pictures, e.g. 640x480; of the same aspect ratio.");
        size.Required = true;
        Option<string?> format = Format();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("scale", "Writes a calibration for the same pictures resized, e.g. one of 1280x960 for pictures of 640x480.")
        {
            from, to, size, format, json,
        };
        command.SetAction(parsed =>
        {
            (int width, int height) = parsed.GetValue(size);
            CalibratedCamera camera = CalibrationFile.Camera(parsed.GetValue(from)!);
            double stretch = (double)width * camera.Intrinsics.Height / ((double)height * camera.Intrinsics.Width);
            if (!camera.Intrinsics.HasAspectOf(width, height))
            {
                throw new ConfigurationException(FormattableString.Invariant(
                    $"{camera.Intrinsics.Width}×{camera.Intrinsics.Height} and {width}×{height} differ in their aspect ratio by {stretch:0.###}")
                    + $": the camera crops or stretches, and no scale tells how; calibrate at {width}×{height}.");
            }

            return Write(
                parsed.GetValue(to)!, [new CalibratedCamera(camera.Intrinsics.Resized(width, height))], parsed.GetValue(format), parsed.GetValue(json));
        });
        return command;
    }

    private static Command Show()
    {
        Argument<string> file = FileArgument("file", "The calibration; FILE#NAME shows one camera of several.");
        Option<FileInfo?> image = Image("A picture of this camera, shown beside its undistorted self; without one a grid is drawn.");
        var output = new Option<FileInfo>(
            "--output", "-o")
        { Description = "The picture to write (PNG or JPEG).", DefaultValueFactory = _ => new FileInfo("calibration.png") };
        Option<bool> json = CommonOptions.Json();
        var command = new Command(
            "show", "Draws what a calibration does: original with grid, undistorted, the part of the picture without rays; and prints its numbers.")
        {
            file, image, output, json,
        };
        command.SetAction(parsed =>
        {
            CalibratedCamera camera = CalibrationFile.Camera(parsed.GetValue(file)!);
            LensPicture picture = LensPicture.Draw(camera.Intrinsics, parsed.GetValue(image)?.ToString());
            string path = parsed.GetValue(output)!.ToString();
            PictureFile.WriteRgb(path, picture.Rgb, picture.Width, picture.Height);
            var report = CameraReport.Of(camera, picture.RayCoverage, picture.FrontCoverage, path);
            return Report.Print(parsed.GetValue(json), report);
        });
        return command;
    }

    private static IReadOnlyList<CalibratedCamera> Cameras(string address) =>
        File.Exists(address) ? CalibrationFile.Load(address).Cameras : [CalibrationFile.Camera(address)];

    private static int Write(string path, IReadOnlyList<CalibratedCamera> cameras, string? format, bool json)
    {
        string chosen = format ?? CalibrationFile.FormatOf(path)
            ?? throw new ConfigurationException(
                $"The name '{path}' does not tell a format: add --to with one of {string.Join(", ", CalibrationFile.FormatNames)}.");
        CalibrationFile.Write(path, cameras, chosen);
        return Report.Print(
            json, new { Output = path, Format = chosen, Cameras = cameras.Select(c => c.Name) },
            _ => Console.WriteLine(
                $"{path}: {chosen}, {string.Join(", ", cameras.Select(c => $"{c.Name} {c.Intrinsics.Width}×{c.Intrinsics.Height}"))}"));
    }

    private static Argument<string> FileArgument(string name, string description)
    {
        var file = new Argument<string>(name) { Description = description };
        return file;
    }

    private static Option<FileInfo?> Image(string description) => new("--image") { Description = description };

    private static Option<string?> Format() => OptionOf.Word("--to", [.. CalibrationFile.FormatNames], "The format to write.");
}
