using System.CommandLine;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Cli.Viewing;
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
        MountCommand.Create(),
    };

    private static Command Board(string kind, string description)
    {
        var board = new BoardOptions(kind);
        var images = Images("--images", "Pictures of the board: files, a folder, or a pattern in quotes.");
        var right = Images("--right", "Pictures of a second camera, taken at the same moments in the same order: its intrinsics and its place are solved too.");
        Option<string?> source = new("--source") { Description = "Instead of pictures a video or a camera: show the board everywhere, near, far and tilted." };
        Option<int?> frames = CommonOptions.Frames();
        Option<string?> view = new("--view")
        {
            Description = "With --source: the page that shows board, coverage and score on this address instead of 127.0.0.1.",
            HelpName = "ADDRESS[:PORT]",
        };
        var noView = new Option<bool>("--no-view") { Description = "Without that page." };
        Option<string> model = OptionOf.Word(
            "--model", ["auto", "plumb_bob", "rational", "fisheye"], otherwise: "auto",
            "The lens model; auto: the simplest that the residuals justify.");
        var output = new Option<FileInfo>(
            "--output", "-o")
        { Description = "The calibration to write; its name tells the format.", DefaultValueFactory = _ => new FileInfo("camera.yaml") };
        Option<FileInfo?> report = new("--report") { Description = "An HTML page to write: coverage, residuals, every view." };
        var name = new Option<string>("--name") { Description = "The camera's name in the file.", DefaultValueFactory = _ => "camera" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command(kind, description) { images, right, source, view, noView, frames, model, output, report, name, json };
        board.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using CalibrationTarget target = board.Read(parsed);
            var run = new CalibrationRun(target, parsed.GetValue(model)!, parsed.GetValue(name)!);
            CalibrationReport result = await run.RunAsync(
                parsed.GetValue(images) ?? [], parsed.GetValue(right) ?? [], parsed.GetValue(source), Page(parsed.GetValue(view), parsed.GetValue(noView)),
                parsed.GetValue(frames),
                    parsed.GetValue(output)!.ToString(),
                parsed.GetValue(report)?.ToString(), cancellationToken).ConfigureAwait(false);
            return Report.Print(parsed.GetValue(json), result);
        });
        return command;
    }

    private static ViewOptions? Page(string? address, bool isOff) => (address, isOff) switch
    {
        (null, true) => null,
        (_, true) => throw new ConfigurationException("--no-view contradicts --view: keep one of them."),
        (null, false) => new ViewOptions(),
        _ => new ViewOptions().At(address),
    };

    private static Command Target() => new("target", "Prints a board to a PDF page at its true size, with a ruler to check the print.")
    {
        Print("chessboard"),
        Print("charuco"),
        Print("aprilgrid"),
        Print("marker"),
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

    private static Option<string[]> Images(string name, string description) => new(name) { Description = description, AllowMultipleArgumentsPerToken = true };
}
