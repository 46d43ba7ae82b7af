using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.OpenCv.Calibration;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Tests.Calibration;

/// <summary>Boards found and cameras solved: real pictures, and renderings of printed boards whose camera is known.</summary>
public sealed class BoardTests
{
    private static readonly CameraIntrinsics Known = new(640, 480, 520.3, 519.1, 325.2, 236.4) { Distortion = [-0.21, 0.06, 0.0008, -0.0005, 0.01] };

    private static readonly CameraIntrinsics KnownFisheye = new(640, 480, 231.4, 231.9, 322.2, 238.4)
    {
        DistortionModel = DistortionModel.Equidistant,
        Distortion = [0.021, -0.012, 0.004, -0.001],
    };

    private static readonly Lazy<(double X, double Y)[]> KnownRays = new(() => Rays(Known)), FisheyeRays = new(() => Rays(KnownFisheye));

    [Theory]
    [InlineData("left")]
    [InlineData("right")]
    public void Solve_RealBoards_FindsAllOfThemWithSmallResiduals(string side)
    {
        string folder = Nearby.SharedData("boards");
        using var target = new ChessboardTarget(9, 6, 0.025);
        var collector = new ViewCollector(target);
        foreach (string file in Directory.GetFiles(folder, $"{side}*.jpg").Order(StringComparer.Ordinal))
        {
            collector.Add(file);
        }

        CameraSolution solution = CameraSolver.SolveBest(target, collector, out IReadOnlyList<CameraSolution> tried);

        Assert.Equal(13, collector.Views.Count);
        Assert.InRange(solution.Rms, 0.05, 0.45);
        Assert.Equal(DistortionModel.PlumbBob, solution.Camera.DistortionModel);
        Assert.Equal(3, tried.Count);
        Assert.InRange(solution.Camera.Fx, 530, 542);
        Assert.All(solution.Deviations.Take(4), d => Assert.InRange(d, 0.05, 3));
    }

    [Fact]
    public void Solve_RealPair_GivesTheBaselineInMetres()
    {
        string folder = Nearby.SharedData("boards");
        using var target = new ChessboardTarget(9, 6, 0.025);
        ViewCollector left = new(target), right = new(target);
        foreach (string file in Directory.GetFiles(folder, "left*.jpg").Order(StringComparer.Ordinal))
        {
            left.Add(file);
            right.Add(file.Replace("left", "right", StringComparison.Ordinal));
        }

        CameraPose pose = StereoSolver.Solve(
            target, CameraSolver.Solve(target, left, DistortionModel.PlumbBob).Camera, CameraSolver.Solve(target, right, DistortionModel.PlumbBob).Camera,
            [.. left.Views.Zip(right.Views)], out double rms);

        // 3.33 squares, as OpenCV's own sample finds.
        Assert.Equal(0.0833, pose.Distance, 0.0005);
        Assert.Equal(1, pose.Determinant, 1e-6);
        Assert.True(pose.Matrix[3] > 0.08, "the right camera is to the right");
        Assert.InRange(rms, 0.05, 0.5);
    }

    public static TheoryData<string> Kinds => ["chessboard", "charuco", "aprilgrid"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Solve_RenderedBoards_FindsTheirCamera(string kind)
    {
        using CalibrationTarget target = Make(kind);
        var collector = new ViewCollector(target);
        foreach (Mat picture in Render(target, Known))
        {
            using (picture)
            {
                collector.Add($"view {collector.Verdicts.Count}", picture);
            }
        }

        Assert.True(collector.Views.Count >= 10, string.Join(", ", collector.Verdicts.Select(v => v.Verdict)));
        CameraSolution solution = CameraSolver.Solve(target, collector, DistortionModel.PlumbBob);

        Assert.InRange(solution.Rms, 0, 0.2);
        Assert.Equal(Known.Fx, solution.Camera.Fx, 2.5);
        Assert.Equal(Known.Cx, solution.Camera.Cx, 2.5);
        Assert.Equal(Known.Cy, solution.Camera.Cy, 2.5);
        for (int i = 0; i < 4; i++)
        {
            double error = Math.Abs(
                new[] { solution.Camera.Fx - Known.Fx, solution.Camera.Fy - Known.Fy, solution.Camera.Cx - Known.Cx, solution.Camera.Cy - Known.Cy }[i]);
            Assert.True(error < (8 * solution.Deviations[i]) + 0.5, $"number {i} is {error} off, its deviation is {solution.Deviations[i]}");
        }
    }

    [Fact]
    public void SolveBest_RenderedFisheye_ChoosesTheFisheyeModel()
    {
        using CalibrationTarget target = Make("charuco");
        var collector = new ViewCollector(target);
        foreach (Mat picture in Render(target, KnownFisheye))
        {
            using (picture)
            {
                collector.Add($"view {collector.Verdicts.Count}", picture);
            }
        }

        CameraSolution solution = CameraSolver.Solve(target, collector, DistortionModel.Equidistant);

        Assert.InRange(solution.Rms, 0, 0.25);
        Assert.Equal(KnownFisheye.Fx, solution.Camera.Fx, 2.5);
    }

    [Fact]
    public void FloorMount_RenderedBoardOnTheFloor_GivesHeightPitchAndRoll()
    {
        using CalibrationTarget target = Make("chessboard");

        // 0.62 m above the floor, 33° down, rolled by 4°; the board lies ahead.
        var mount = CameraMount.OfBody("base_link", 0, 0, 0.62, UnitQuaternion.FromRpy(double.DegreesToRadians(4), double.DegreesToRadians(33), 0));
        (double X, double Y, double Z) Camera(double x, double y) => Inverse(mount, 0.95 - y, 0.11 - x, 0);
        using Mat picture = RenderPlane(target, Known, Camera);
        Assert.True(target.TryFind(picture, out FoundPoint[] points));

        FloorMount found = FloorMount.Of(Known, target, points);

        Assert.Equal(0.62, found.HeightM, 0.005);
        Assert.Equal(mount.PitchDegrees, found.PitchDegrees, 0.3);
        Assert.Equal(mount.RollDegrees, found.RollDegrees, 0.3);
    }

    [Theory]
    [InlineData(1.6, 0.3, 0.5, 12, 25, 160)]
    [InlineData(1.2, -0.2, 0.1, -5, 15, -150)]
    public void MarkerMount_RenderedMarkerAtAKnownPlace_GivesTheCamerasPose(double x, double y, double z, double roll, double pitch, double yaw)
    {
        using var marker = new MarkerTarget(23, 0.2);
        UnitQuaternion rotation = UnitQuaternion.FromRpy(double.DegreesToRadians(-3), double.DegreesToRadians(8), double.DegreesToRadians(yaw));
        var mount = CameraMount.OfBody(
            "base_link", 0.1, 0.02, 0.4, UnitQuaternion.FromRpy(double.DegreesToRadians(roll / 4), double.DegreesToRadians(pitch / 5), 0.05 * Math.Sign(y)));
        (double X, double Y, double Z) Camera(double right, double down)
        {
            // On the sheet: metres from its top left corner; the marker's axes are x out of its face, y to the right as one sees it, z up.
            (double px, double py, double pz) = rotation.Rotate(0, right - 0.1, 0.1 - down);
            return Inverse(mount, x + px, y + py, z + pz);
        }

        using Mat picture = RenderPlane(marker, Known, Camera);
        Assert.True(marker.TryFind(picture, out FoundPoint[] corners), "found");

        MarkerMount found = MarkerMount.Of(Known, marker, corners, "base_link", x, y, z, rotation);

        Assert.Equal(mount.X, found.Mount.X, 0.02);
        Assert.Equal(mount.Y, found.Mount.Y, 0.02);
        Assert.Equal(mount.Z, found.Mount.Z, 0.02);
        Assert.Equal(mount.PitchDegrees, found.Mount.PitchDegrees, 1.0);
        Assert.Equal(mount.RollDegrees, found.Mount.RollDegrees, 1.0);
        Assert.Equal(mount.YawDegrees, found.Mount.YawDegrees, 1.0);
        Assert.InRange(found.Rms, 0, 0.5);
    }

    [Fact]
    public void MarkerMount_WrongCalibrationOrNumberOfCorners_IsRefused()
    {
        using var marker = new MarkerTarget(23, 0.2);

        Assert.Contains("four corners", Assert.Throws<CameraException>(
            () => MarkerMount.Of(Known, marker, [new(0, 1, 1)], "base_link", 1, 0, 0, UnitQuaternion.Identity)).Message, StringComparison.Ordinal);
        Assert.Contains("0 to 99", Assert.Throws<ConfigurationException>(() => new MarkerTarget(100, 0.2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_ViewsFromEverywhere_GrowsAndSaysWhatLacks()
    {
        using CalibrationTarget target = Make("chessboard");
        var collector = new ViewCollector(target);
        Mat[] pictures = [.. Render(target, Known)];
        var scores = new List<double>();
        foreach (Mat picture in pictures)
        {
            collector.Add($"view {scores.Count}", picture);
            scores.Add(collector.Score.Total);
        }

        Assert.True(scores[0] < 0.5, $"{scores[0]}");
        Assert.True(scores[^1] > scores[0] + 0.2, $"{scores[0]}, {scores[^1]}");
        Assert.Equal(default, new ViewCollector(target).Score);
        Array.ForEach(pictures, p => p.Dispose());
    }

    [Fact]
    public void LensCheck_RealBoards_FitTheirCalibrationAndNotThatOfAnotherZoom()
    {
        string folder = Nearby.SharedData("boards");
        CameraIntrinsics left = new(640, 480, 535.9, 535.9, 342.28, 235.57)
        {
            Distortion = [-0.266372609096609, -0.0385888989223047, 0.0017831947042853, -2.81221004411155e-4, 0.238391530808785],
        };
        LensCheck right = new(left), zoomed = new(left with { Fx = left.Fx * 1.5, Fy = left.Fy * 1.5 }), straight = new(left.Pinhole());
        foreach (string file in Directory.GetFiles(folder, "left*.jpg").Order(StringComparer.Ordinal))
        {
            using CameraFrame picture = PictureFile.Read(file);
            right.Add(picture);
            zoomed.Add(picture);
            straight.Add(picture);
        }

        Assert.True(right.Fits, $"{right.Bend} ± {right.Uncertainty} of {right.Edges}");
        Assert.False(zoomed.Fits, $"{zoomed.Bend} ± {zoomed.Uncertainty} of {zoomed.Edges}");
        Assert.Null(straight.Fits);
    }

    [Fact]
    public void CoveragePicture_BoardInThePicture_IsDrawnAsJpeg()
    {
        using CalibrationTarget target = Make("chessboard");
        var collector = new ViewCollector(target);
        using CameraFrame picture = PictureFile.Read(Path.Combine(Nearby.SharedData("boards"), "left01.jpg"));
        collector.Add("left01", picture);

        using Mat drawn = Cv2.ImDecode(CoveragePicture.Draw(picture, collector), ImreadModes.Color);

        Assert.Equal((640, 480), (drawn.Width, drawn.Height));
        FoundPoint corner = collector.LastPoints[0];
        Vec3b dot = drawn.At<Vec3b>((int)corner.Y, (int)corner.X);
        Assert.True(dot.Item2 > 180 && dot.Item0 < 90, $"{dot}");
    }

    [Fact]
    public void Html_Pair_ShowsBothCamerasAndTheirPictures()
    {
        string folder = Nearby.SharedData("boards");
        using var target = new ChessboardTarget(9, 6, 0.025);
        ViewCollector left = new(target), right = new(target);
        string[] files = [.. Directory.GetFiles(folder, "left*.jpg").Order(StringComparer.Ordinal).Take(5)];
        foreach (string file in files)
        {
            left.Add(file);
            right.Add(file.Replace("left", "right", StringComparison.Ordinal));
        }

        CameraSolution l = CameraSolver.Solve(target, left, DistortionModel.PlumbBob), r = CameraSolver.Solve(target, right, DistortionModel.PlumbBob);
        CameraPose pose = StereoSolver.Solve(target, l.Camera, r.Camera, [.. left.Views.Zip(right.Views)], out double rms);
        Dictionary<string, string> none = [];

        string page = SolutionReport.Html(
            target, [new SolvedSide(left, l, none), new SolvedSide(right, r, none)],
            new SolvedStereo(pose, rms, [.. files.Select(f => (f, f.Replace("left", "right", StringComparison.Ordinal)))]));

        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(page, "<h2>Numbers</h2>"));
        Assert.Equal(3, System.Text.RegularExpressions.Regex.Count(page, "data:image/jpeg"));
        Assert.Contains("mm from the left one", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_BlurredOrRepeatedViews_AreNotUsed()
    {
        using CalibrationTarget target = Make("chessboard");
        var collector = new ViewCollector(target);
        Mat[] pictures = [.. Render(target, Known).Take(7)];
        foreach (Mat picture in pictures)
        {
            collector.Add($"view {collector.Verdicts.Count}", picture);
        }

        using Mat blurred = new();
        Cv2.GaussianBlur(pictures[0], blurred, new Size(0, 0), 4);

        Assert.Equal(ViewVerdict.NearDuplicate, collector.Add("again", pictures[1]));
        Assert.Contains(collector.Add("blurred", blurred), (ViewVerdict[])[ViewVerdict.Blurred, ViewVerdict.NoBoard]);
        using Mat empty = new(480, 640, MatType.CV_8UC1, Scalar.All(128)), other = new(240, 320, MatType.CV_8UC1, Scalar.All(128));
        Assert.Equal(ViewVerdict.NoBoard, collector.Add("empty", empty));
        Assert.Equal(ViewVerdict.OtherSize, collector.Add("other", other));
        Array.ForEach(pictures, p => p.Dispose());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Write_Pdf_HoldsTheBoardAtItsTrueSize(string kind)
    {
        using CalibrationTarget target = Make(kind);

        string pdf = System.Text.Encoding.Latin1.GetString(TargetPdf.Write(target, "a3"));

        Assert.StartsWith("%PDF-1.4", pdf, StringComparison.Ordinal);
        Assert.Contains("This ruler is 100 mm long", pdf, StringComparison.Ordinal);
        Assert.Contains("/MediaBox [0 0 1190.5512 841.8898]", pdf, StringComparison.Ordinal);
        Assert.True(System.Text.RegularExpressions.Regex.Count(pdf, " re\\b") > 40);
        Assert.Throws<ConfigurationException>(() => TargetPdf.Write(target, "a5"));
    }

    [Fact]
    public void Solve_NoBoards_SaysWhatToCheck()
    {
        using CalibrationTarget target = Make("chessboard");
        using Mat empty = new(480, 640, MatType.CV_8UC1, Scalar.All(128));
        var collector = new ViewCollector(target);
        collector.Add("empty", empty);

        Assert.Contains("found in 0 of 1", Assert.Throws<CameraException>(() => CameraSolver.Solve(target, collector, DistortionModel.PlumbBob)).Message,
            StringComparison.Ordinal);
    }

    private static CalibrationTarget Make(string kind) => kind switch
    {
        "chessboard" => new ChessboardTarget(9, 6, 0.025),
        "charuco" => new CharucoTarget(8, 6, 0.032),
        _ => new AprilGridTarget(6, 5, 0.035),
    };

    private static (double X, double Y, double Z) Inverse(CameraMount mount, double x, double y, double z)
    {
        UnitQuaternion q = mount.Rotation;
        return new UnitQuaternion(-q.X, -q.Y, -q.Z, q.W).Rotate(x - mount.X, y - mount.Y, z - mount.Z);
    }

    private static (double X, double Y)[] Rays(CameraIntrinsics camera)
    {
        var rays = new (double X, double Y)[camera.Width * camera.Height * 9];
        for (int i = 0; i < rays.Length; i++)
        {
            int pixel = i / 9, s = i % 9;
            rays[i] = camera.Unproject((pixel % camera.Width) + (((s % 3) - 1) / 3.0), (pixel / camera.Width) + (((s / 3) - 1) / 3.0));
        }

        return rays;
    }

    /// <summary>Views from everywhere: the board turned, tilted, near, far and in the corners.</summary>
    private static IEnumerable<Mat> Render(CalibrationTarget target, CameraIntrinsics camera)
    {
        double near = camera.DistortionModel == DistortionModel.Equidistant ? 0.5 : 1;
        for (int i = 0; i < 16; i++)
        {
            double a = 0.55 * Math.Sin(i * 1.7), b = 0.5 * Math.Cos(i * 2.3), c = 0.25 * Math.Sin(i * 0.9), z = near * (0.42 + (0.03 * (i % 6)));
            double dx = near * 0.11 * (((i * 5) % 7) - 3) / 3, dy = near * 0.07 * (((i * 3) % 5) - 2) / 2;
            var rotation = UnitQuaternion.FromRpy(a, b, c);
            (double width, double height) = target.Size;
            yield return RenderPlane(target, camera, (x, y) =>
            {
                (double px, double py, double pz) = rotation.Rotate(x - (width / 2), y - (height / 2), 0);
                return (px + dx, py + dy, pz + z);
            });
        }
    }

    /// <summary>Draws the printed board as the camera sees it, 3 × 3 rays per pixel.</summary>
    /// <param name="target">The board.</param>
    /// <param name="camera">The camera.</param>
    /// <param name="place">Where a point of the sheet (metres from its top left corner) is in the optical frame.</param>
    private static Mat RenderPlane(CalibrationTarget target, CameraIntrinsics camera, Func<double, double, (double X, double Y, double Z)> place)
    {
        const double Cell = 0.0005;
        (double width, double height) = target.Size;
        int columns = (int)Math.Ceiling(width / Cell) + 80, rows = (int)Math.Ceiling(height / Cell) + 80;
        bool[] dark = new bool[columns * rows];
        foreach (DarkRectangle r in target.Print())
        {
            for (int y = (int)Math.Round(r.Y / Cell); y < (int)Math.Round((r.Y + r.Height) / Cell); y++)
            {
                Array.Fill(
                    dark, true, ((y + 40) * columns) + 40 + (int)Math.Round(r.X / Cell), (int)Math.Round((r.X + r.Width) / Cell) - (int)Math.Round(r.X / Cell));
            }
        }

        (double X, double Y, double Z) o = place(0, 0), ex = place(1, 0), ey = place(0, 1);
        (double X, double Y, double Z) u = (ex.X - o.X, ex.Y - o.Y, ex.Z - o.Z), v = (ey.X - o.X, ey.Y - o.Y, ey.Z - o.Z);
        (double X, double Y, double Z) n = ((u.Y * v.Z) - (u.Z * v.Y), (u.Z * v.X) - (u.X * v.Z), (u.X * v.Y) - (u.Y * v.X));
        double distance = (n.X * o.X) + (n.Y * o.Y) + (n.Z * o.Z);
        byte[] pixels = new byte[camera.Width * camera.Height];
        (double, double)[] rays = camera == Known ? KnownRays.Value : FisheyeRays.Value;
        for (int py = 0; py < camera.Height; py++)
        {
            for (int px = 0; px < camera.Width; px++)
            {
                int sum = 0;
                for (int s = 0; s < 9; s++)
                {
                    (double sx, double sy) = rays[(((py * camera.Width) + px) * 9) + s];
                    double t = distance / ((n.X * sx) + (n.Y * sy) + n.Z);
                    (double x, double y, double z) = ((t * sx) - o.X, (t * sy) - o.Y, t - o.Z);
                    double bx = ((x * u.X) + (y * u.Y) + (z * u.Z)) / Cell, by = ((x * v.X) + (y * v.Y) + (z * v.Z)) / Cell;
                    int column = (int)Math.Floor(bx) + 40, row = (int)Math.Floor(by) + 40;
                    bool isOnSheet = t > 0 && column >= 0 && row >= 0 && column < columns && row < rows;
                    sum += !isOnSheet ? 110 : dark[(row * columns) + column] ? 25 : 225;
                }

                pixels[(py * camera.Width) + px] = (byte)(sum / 9);
            }
        }

        var picture = new Mat(camera.Height, camera.Width, MatType.CV_8UC1);
        picture.SetArray(pixels);
        return picture;
    }
}
