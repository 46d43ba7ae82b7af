using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.OpenCv.Calibration;
using static VisionBanana.Edge.OpenCv.Tests.Calibration.RenderedBoards;

namespace VisionBanana.Edge.OpenCv.Tests.Calibration;

/// <summary>Boards found and cameras solved: real pictures, and renderings of printed boards whose camera is known.</summary>
public sealed class BoardTests
{
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
}
