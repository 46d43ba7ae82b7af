using System.CommandLine;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Calibration.Formats;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.OpenCv.Calibration;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge calibrate mount</c>: where a camera sits, from one picture.</summary>
internal static class MountCommand
{
    public static Command Create() => new(
        "mount", "Tells where a camera sits from one picture: of a board that lies on the floor, or of a marker at a known place.")
    {
        Floor("chessboard"),
        Floor("charuco"),
        Floor("aprilgrid"),
        Marker(),
    };

    private static Command Floor(string kind) => Verb(kind, $"Height, pitch and roll, from a {kind} that lies on the floor.",
        "The robot's frame, whose origin lies on the floor below the camera.", [], (parsed, target, camera, points, parent) =>
        {
            FloorMount mount = FloorMount.Of(camera, target, points);
            (double roll, double pitch) = (double.DegreesToRadians(mount.RollDegrees), double.DegreesToRadians(mount.PitchDegrees));
            return (CameraMount.OfBody(parent, 0, 0, mount.HeightM, UnitQuaternion.FromRpy(roll, pitch, 0)), mount.Rms);
        });

    private static Command Marker()
    {
        Option<(double X, double Y, double Z)> position = OptionOf.Triple(
            "--position", 1000, "m", "1.5,0,0.4", "Where the marker's middle is in the robot's frame, in metres: x,y,z.");
        position.Required = true;
        Option<(double X, double Y, double Z)> rpy = OptionOf.Triple(
            "--rpy", 360, "degrees", "0,0,180", "How it is turned: roll,pitch,yaw of its axes (x out of its face, z to its printed top). "
                + "0,0,180 faces a robot that looks along x, 0,-90,0 lies on the floor with its top away from the robot.");
        rpy.Required = true;
        return Verb("marker", "The whole pose, from a marker whose place on or before the robot is known.", "The robot's frame.", [position, rpy],
            (parsed, target, camera, points, parent) =>
            {
                ((double x, double y, double z), (double roll, double pitch, double yaw)) = (parsed.GetValue(position), parsed.GetValue(rpy));
                var turned = UnitQuaternion.FromRpy(double.DegreesToRadians(roll), double.DegreesToRadians(pitch), double.DegreesToRadians(yaw));
                MarkerMount mount = MarkerMount.Of(camera, (MarkerTarget)target, points, parent, x, y, z, turned);
                return (mount.Mount, mount.Rms);
            });
    }

    private static Command Verb(
        string kind, string description, string parentIs, Option[] more,
        Func<ParseResult, CalibrationTarget, CameraIntrinsics, IReadOnlyList<FoundPoint>, string, (CameraMount Mount, double Rms)> solve)
    {
        var board = new BoardOptions(kind);
        var image = new Option<FileInfo>("--image") { Description = "The picture.", Required = true };
        Option<FileInfo?> camera = CommonOptions.Camera();
        camera.Required = true;
        var parent = new Option<string>("--parent") { Description = parentIs, DefaultValueFactory = _ => "base_link" };
        Option<FileInfo?> pipeline = new("--pipeline") { Description = "The pipeline file to write camera.mount into." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command(kind, description) { image, camera, parent, pipeline, json };
        board.AddTo(command);
        foreach (Option option in more)
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            using CalibrationTarget target = board.Read(parsed);
            string path = parsed.GetValue(image)!.ToString();
            IReadOnlyList<FoundPoint> points = GreyPicture.Find(target, path, out int width, out int height);
            if (points.Count == 0)
            {
                throw new CameraException($"No {target.Description} was found in {path}.");
            }

            CameraIntrinsics intrinsics = CalibrationFile.Read(parsed.GetValue(camera)!.ToString()).ScaledTo(width, height);
            (CameraMount mount, double rms) = solve(parsed, target, intrinsics, points, parsed.GetValue(parent)!);
            string? written = parsed.GetValue(pipeline)?.ToString();
            if (written is not null)
            {
                MountWriter.Write(written, mount);
            }

            var found = new
            {
                mount.HeightM,
                PitchDeg = mount.PitchDegrees,
                RollDeg = mount.RollDegrees,
                YawDeg = mount.YawDegrees,
                PositionM = (double[])[mount.X, mount.Y, mount.Z],
                Rms = rms,
                Parent = mount.ParentFrame,
                Pipeline = written,
            };
            return Report.Print(parsed.GetValue(json), found, _ => Console.WriteLine(
                FormattableString.Invariant($"at {mount.X:0.000}, {mount.Y:0.000}, {mount.Z:0.000} m in {mount.ParentFrame}, ")
                + FormattableString.Invariant($"roll {mount.RollDegrees:0.00}°, pitch {mount.PitchDegrees:0.00}°, yaw {mount.YawDegrees:0.00}°, ")
                + FormattableString.Invariant($"rms {rms:0.00} px")
                + (written is null ? $"{Environment.NewLine}{MountWriter.Section(mount)}" : $", written to {written}")));
        });
        return command;
    }
}
