using System.CommandLine;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Calibration.Formats;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.OpenCv.Calibration;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge calibrate chessboard|charuco|aprilgrid|target|mount</c>.</summary>
internal static class CalibrateCommand
{
    public static Command Create() => new("calibrate", "Calibrates a camera from pictures of a board, prints boards, and tells where a camera is mounted.")
    {
        Board("chessboard", "Calibrates from pictures that show a whole chessboard."),
        Board("charuco", "Calibrates from pictures of a ChArUco board; parts of it are enough, so that the picture's corners are reached."),
        Board("aprilgrid", "Calibrates from pictures of Kalibr's grid of AprilTags 36h11; parts of it are enough."),
        Target(),
        Mount(),
    };

    private static Command Board(string kind, string description)
    {
        var board = new BoardOptions(kind);
        var images = Images("--images", "Pictures of the board: files, a folder, or a pattern in quotes.");
        var right = Images("--right", "Pictures of a second camera, taken at the same moments in the same order: its intrinsics and its place are solved too.");
        Option<string?> source = new("--source") { Description = "Instead of pictures a video or a camera: show the board everywhere, near, far and tilted." };
        Option<int?> frames = CommonOptions.Frames();
        Option<string> model = OptionOf.Word(
            "--model", ["auto", "plumb_bob", "rational", "fisheye"], otherwise: "auto",
            "The lens model; auto: the simplest that the residuals justify.");
        var output = new Option<FileInfo>(
            "--output", "-o")
        { Description = "The calibration to write; its name tells the format.", DefaultValueFactory = _ => new FileInfo("camera.yaml") };
        Option<FileInfo?> report = new("--report") { Description = "An HTML page to write: coverage, residuals, every view." };
        var name = new Option<string>("--name") { Description = "The camera's name in the file.", DefaultValueFactory = _ => "camera" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command(kind, description) { images, right, source, frames, model, output, report, name, json };
        board.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using CalibrationTarget target = board.Read(parsed);
            var run = new CalibrationRun(target, parsed.GetValue(model)!, parsed.GetValue(name)!);
            CalibrationReport result = await run.RunAsync(
                parsed.GetValue(images) ?? [], parsed.GetValue(right) ?? [], parsed.GetValue(source), parsed.GetValue(frames),
                    parsed.GetValue(output)!.ToString(),
                parsed.GetValue(report)?.ToString(), cancellationToken).ConfigureAwait(false);
            return Report.Print(parsed.GetValue(json), result);
        });
        return command;
    }

    private static Command Target() => new("target", "Prints a board to a PDF page at its true size, with a ruler to check the print.")
    {
        Print("chessboard"),
        Print("charuco"),
        Print("aprilgrid"),
    };

    private static Command Print(string kind)
    {
        var board = new BoardOptions(kind, mayChooseSize: true);
        Option<string> paper = OptionOf.Word(
            "--paper", [.. TargetPdf.PaperNames], otherwise: "a4",
            $"One of {string.Join(", ", TargetPdf.PaperNames)}; without a size the board fills it.");
        var output = new Option<FileInfo>("--output", "-o") { Description = "The PDF to write.", DefaultValueFactory = _ => new FileInfo("target.pdf") };
        Option<bool> json = CommonOptions.Json();
        var command = new Command(kind, $"Prints a {kind}.") { paper, output, json };
        board.AddTo(command);
        command.SetAction(parsed =>
        {
            using CalibrationTarget target = board.Read(parsed, parsed.GetValue(paper));
            string path = parsed.GetValue(output)!.ToString();
            OutputFile.Write(path, TargetPdf.Write(target, parsed.GetValue(paper)!));
            return Report.Print(
                parsed.GetValue(json), new { Output = path, Board = target.Description, Paper = parsed.GetValue(paper) },
                static made => Console.WriteLine($"{made.Output}: {made.Board}, {made.Paper}. Print at 100 %, and measure the ruler."));
        });
        return command;
    }

    private static Command Mount() => new("mount", "Tells height, pitch and roll of a camera from one picture of a board that lies on the floor.")
    {
        Mount("chessboard"),
        Mount("charuco"),
        Mount("aprilgrid"),
    };

    private static Command Mount(string kind)
    {
        var board = new BoardOptions(kind);
        var image = new Option<FileInfo>("--image") { Description = "The picture; the board lies flat on the floor.", Required = true };
        Option<FileInfo?> camera = CommonOptions.Camera();
        camera.Required = true;
        var parent = new Option<string>(
            "--parent")
        { Description = "The robot's frame, whose origin lies on the floor below the camera.", DefaultValueFactory = _ => "base_link" };
        Option<FileInfo?> pipeline = new("--pipeline") { Description = "The pipeline file to write camera.mount into." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command(kind, $"With a {kind}.") { image, camera, parent, pipeline, json };
        board.AddTo(command);
        command.SetAction(parsed =>
        {
            using CalibrationTarget target = board.Read(parsed);
            string path = parsed.GetValue(image)!.ToString();
            IReadOnlyList<FoundPoint> points = GreyPicture.Find(target, path);
            if (points.Count == 0)
            {
                throw new CameraException($"No {target.Description} was found in {path}.");
            }

            CameraIntrinsics intrinsics = CalibrationFile.Read(parsed.GetValue(camera)!.ToString());
            FloorMount mount = FloorMount.Of(intrinsics, target, points);
            string frame = parsed.GetValue(parent)!;
            string? written = parsed.GetValue(pipeline)?.ToString();
            if (written is not null)
            {
                MountWriter.Write(written, mount, frame);
            }

            return Report.Print(
                parsed.GetValue(json),
                new { mount.HeightM, PitchDeg = mount.PitchDegrees, RollDeg = mount.RollDegrees, mount.Rms, Parent = frame, Pipeline = written },
                _ => Console.WriteLine(
                    FormattableString.Invariant(
                        $"height {mount.HeightM:0.000} m, pitch {mount.PitchDegrees:0.00}°, roll {mount.RollDegrees:0.00}°, rms {mount.Rms:0.00} px")
                    + (written is null ? $"{Environment.NewLine}{MountWriter.Section(mount, frame)}" : $", written to {written}")));
        });
        return command;
    }

    private static Option<string[]> Images(string name, string description) => new(name) { Description = description, AllowMultipleArgumentsPerToken = true };
}
