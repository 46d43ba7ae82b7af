using System.CommandLine;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Calibration.Formats;
using VisionBanana.Edge.Cli.Percepts;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge infer</c>: pictures in, files out.</summary>
internal static class InferCommand
{
    public static Command Create()
    {
        var images = new Argument<string[]>("image") { Description = "Pictures to perceive, or folders of them.", Arity = ArgumentArity.OneOrMore };
        Option<FileInfo?> camera = CommonOptions.Camera();
        Option<double?> hfov = CommonOptions.Hfov();
        Option<double?> height = CommonOptions.MountHeight(), pitch = CommonOptions.MountPitch(), roll = CommonOptions.MountRoll();
        Option<string?> model = CommonOptions.Model();
        Option<string?> precision = CommonOptions.Precision();
        Option<string[]> instructions = CommonOptions.Instructions();
        Option<string> size = OptionOf.Word(
            "--size", ["source", "painter"], otherwise: "source",
            "source: results pixel for pixel in the picture given; painter: in the rectified picture that was painted.");
        var output = new Option<DirectoryInfo>("--output", "-o")
        {
            Description = "The folder to write to; made if it does not exist.",
            DefaultValueFactory = _ => new DirectoryInfo("."),
        };
        Option<SampleScale?> scale = OptionOf.Samples("--scale", "Pictures of 16 bits: which samples become black and white; default: 0 and 65535.");
        Option<string> rotate = OptionOf.Word(
            "--rotate", ["none", "exif"], otherwise: "none", "exif: turns pictures as they say; a calibration is then that of the turned picture.");
        Option<bool> json = CommonOptions.Json();
        var command = new Command(
            "infer", "Perceives pictures and writes NAME.painting-depth.png, .depth.png (16-bit mm), .labels.png, .normals.png, .cloud.ply, .camera.yaml and "
                + ".preview.png.")
        {
            images, camera, hfov, height, pitch, roll, model, precision, instructions, size, scale, rotate, output, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            string? calibration = parsed.GetValue(camera)?.ToString();
            CommonOptions.RefuseBoth(calibration, parsed.GetValue(hfov));
            CameraIntrinsics? intrinsics = calibration is null ? null : CalibrationFile.Read(calibration);
            CalibrationGate.Pass(calibration ?? "", intrinsics);
            IReadOnlyList<PictureTask> pictures = PictureBatch.Plan(parsed.GetValue(images)!, parsed.GetValue(output)!.ToString());
            using IPainter painter = PainterChoice.Of(parsed.GetValue(model))
                .Load(CommonOptions.With(new ExecutionOptions(), parsed.GetValue(precision)), cancellationToken: cancellationToken);
            var perceiver = new PicturePerceiver(
                painter,
                parsed.GetValue(instructions) is { Length: > 0 } asked ? asked : ["depth", "labels"],
                parsed.GetValue(size) == "source" ? OutputSize.Source : OutputSize.Painter,
                intrinsics,
                parsed.GetValue(hfov),
                SupportOf(parsed.GetValue(height), parsed.GetValue(pitch), parsed.GetValue(roll)));
            perceiver.Scale = parsed.GetValue(scale);
            perceiver.Rotation = parsed.GetValue(rotate) == "exif" ? PictureRotation.Exif : PictureRotation.Sensor;
            return Task.FromResult(Infer(perceiver, pictures, parsed.GetValue(json), cancellationToken));
        });
        return command;
    }

    private static SupportPlane? SupportOf(double? height, double? pitch, double? roll) =>
        height is null && pitch is null && roll is null ? null : SupportPlane.OfAngles(height, pitch ?? 0, roll ?? 0);

    /// <summary>Perceives one picture after the other and tells each result at once; what is wrong with some of them is told again at the end.</summary>
    private static int Infer(PicturePerceiver perceiver, IReadOnlyList<PictureTask> pictures, bool json, CancellationToken cancellationToken)
    {
        using var progress = new ProgressLine();
        var problems = new List<string>();
        for (int i = 0; i < pictures.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress.Show($"{i + 1} of {pictures.Count}: {pictures[i].Path}");
            try
            {
                InferResult result = perceiver.Perceive(pictures[i]);
                progress.Clear();
                Console.WriteLine(!json ? result.ToString() : pictures.Count == 1 ? Json.Report(result, ExitCode.Well, null) : Json.Line(result));
            }
            catch (Exception e) when (e is CameraException or InferenceException)
            {
                problems.Add(e.Message);
                if (json && pictures.Count > 1)
                {
                    Console.WriteLine(Json.Line(new { Image = pictures[i].Path, Problem = e.Message }));
                }
            }
        }

        if (pictures.Count == 1)
        {
            return problems.Count == 0 ? ExitCode.Well : Failure.Tell(problems[0], ExitCode.Failed, json);
        }

        string? error = problems.Count == 0 ? null
            : $"{problems.Count} of {pictures.Count} pictures could not be perceived:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}";
        if (error is not null)
        {
            Failure.TellOnStandardError(error);
        }

        return Report.Print(
            json, new { Pictures = pictures.Count, Failed = problems.Count }, static _ => { }, error is null ? ExitCode.Well : ExitCode.Failed, error);
    }
}
