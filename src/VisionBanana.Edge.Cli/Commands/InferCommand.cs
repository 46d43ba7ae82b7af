using System.CommandLine;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Calibration.Formats;
using VisionBanana.Edge.Cli.Percepts;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge infer</c>: pictures in, files out.</summary>
internal static class InferCommand
{
    public static Command Create()
    {
        var images = new Argument<string[]>("image") { Description = "Pictures to perceive.", Arity = ArgumentArity.OneOrMore };
        images.RefuseOptions();
        Option<FileInfo?> camera = CommonOptions.Camera();
        Option<double?> hfov = CommonOptions.Hfov();
        Option<double?> height = CommonOptions.MountHeight(), pitch = CommonOptions.MountPitch(), roll = CommonOptions.MountRoll();
        Option<string?> model = CommonOptions.Model();
        Option<string?> precision = CommonOptions.Precision();
        Option<string[]> instructions = CommonOptions.Instructions();
        var size = new Option<string>("--size")
        {
            Description = "source: results pixel for pixel in the picture given; painter: in the rectified picture that was painted.",
            DefaultValueFactory = _ => "source",
        };
        size.AcceptOnlyFromAmong("source", "painter");
        var output = new Option<DirectoryInfo>("--output", "-o")
        {
            Description = "The folder to write to; made if it does not exist.",
            DefaultValueFactory = _ => new DirectoryInfo("."),
        };
        Option<bool> json = CommonOptions.Json();
        var command = new Command(
            "infer", "Perceives pictures and writes NAME.painting-depth.png, .depth.png (16-bit mm), .labels.png, .normals.png, .cloud.ply, .camera.yaml and .preview.png.")
        {
            images, camera, hfov, height, pitch, roll, model, precision, instructions, size, output, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            CommonOptions.RefuseBoth(parsed.GetValue(camera)?.ToString(), parsed.GetValue(hfov));
            List<InferResult> results = Infer(
                parsed.GetValue(images)!,
                parsed.GetValue(camera) is { } calibration ? CalibrationFile.Read(calibration.ToString()) : null,
                parsed.GetValue(hfov),
                SupportOf(parsed.GetValue(height), parsed.GetValue(pitch), parsed.GetValue(roll)),
                PainterChoice.Of(parsed.GetValue(model)),
                CommonOptions.With(new ExecutionOptions(), parsed.GetValue(precision)),
                parsed.GetValue(instructions) is { Length: > 0 } asked ? asked : ["depth", "labels"],
                parsed.GetValue(size) == "source" ? OutputSize.Source : OutputSize.Painter,
                parsed.GetValue(output)!.ToString(),
                cancellationToken);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(Json.Pretty(results));
            }
            else
            {
                results.ForEach(r => Console.WriteLine(r));
            }

            return Task.FromResult(ExitCode.Well);
        });
        return command;
    }

    private static SupportPlane? SupportOf(double? height, double? pitch, double? roll) =>
        height is null && pitch is null && roll is null ? null : SupportPlane.OfAngles(height, pitch ?? 0, roll ?? 0);

    private static List<InferResult> Infer(
        IReadOnlyList<string> images, CameraIntrinsics? calibration, double? hfovDegrees, SupportPlane? support, PainterChoice choice, ExecutionOptions execution,
        IReadOnlyList<string> asked, OutputSize size, string output, CancellationToken cancellationToken)
    {
        using IPainter painter = choice.Load(execution, cancellationToken: cancellationToken);
        IReadOnlyList<ScheduledInstruction> instructions = InstructionEntry.Parse(asked.Select(InstructionEntry.OfCommandLine), painter);
        var perceiver = new Perceiver(
            painter, new InstructionSchedule(instructions), new PerceiveOptions { Size = size, Cloud = new CloudOptions(), Support = support, MaxFailuresInARow = 1 });
        if (hfovDegrees is null)
        {
            perceiver.RequireCalibrationFor(calibration);
        }

        Directory.CreateDirectory(output);
        var results = new List<InferResult>();
        foreach (string image in images)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using CameraFrame picture = PictureFile.Read(image, calibration);
            picture.FrameId = "camera_optical";
            if (hfovDegrees is { } fov)
            {
                picture.Intrinsics = CameraIntrinsics.FromHorizontalFov(picture.Width, picture.Height, fov);
            }

            if (perceiver.Perceive(picture, out PerceptionFrame? frame) is { } reason)
            {
                throw new InferenceException($"{image} could not be perceived: {reason}.");
            }

            using (frame)
            {
                results.Add(PerceptFiles.Write(frame!, Path.Combine(output, Path.GetFileNameWithoutExtension(image)), image));
            }
        }

        return results;
    }
}
