using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Calibration.Formats;
using VisionBanana.Edge.OpenCv.Calibration;
using static VisionBanana.Edge.OpenCv.Tests.Calibration.RenderedBoards;

namespace VisionBanana.Edge.OpenCv.Tests.Calibration;

public sealed class MakeExamplesTests
{
    [Fact]
    public void Examples()
    {
        CameraIntrinsics[] lenses = [
            new(1280, 720, 700.4, 700.4, 639.2, 361.3) { Name = "left_hd", Distortion = [-0.1721, 0.0263, 0.0003, -0.0002, 0] },
            new(1280, 720, 701.1, 701.1, 640.8, 358.9) { Name = "right_hd", Distortion = [-0.1718, 0.0259, -0.0001, 0.0004, 0] } ];
        var solved = new List<CalibratedCamera>();
        using CalibrationTarget target = RenderedBoards.Make("charuco");
        foreach (CameraIntrinsics lens in lenses)
        {
            var collector = new ViewCollector(target);
            foreach (Mat picture in Render(target, lens)) { using (picture) { collector.Add($"v{collector.Verdicts.Count}", picture); } }
            CameraSolution s = CameraSolver.Solve(target, collector, DistortionModel.PlumbBob);
            solved.Add(new CalibratedCamera(s.Camera with { Name = lens.Name }));
            File.AppendAllText("/tmp/cal/examples.txt", $"{lens.Name} rms {s.Rms} views {s.Views.Count} {s.Camera.Fx}\n");
        }
        solved.AddRange(solved.Select(c => new CalibratedCamera(c.Intrinsics.Resized(672, 378) with { Height = 376, Cy = c.Intrinsics.Resized(672, 378).Cy - 1, Name = c.Name.Replace("hd", "vga") })).ToArray());
        File.WriteAllBytes("/tmp/cal/zed.conf", CalibrationFile.Format(solved, "zed"));

        using var board = new ChessboardTarget(9, 6, 0.025);
        var views = new ViewCollector(board);
        foreach (string file in Directory.GetFiles(Nearby.SharedData("boards"), "left*.jpg").Order(StringComparer.Ordinal)) { views.Add(file); }
        List<Mat> b = [], seen = [];
        foreach (BoardView v in views.Views)
        {
            b.Add(Mat.FromArray(v.Points.Select(p => new Point3f((float)board.Points[p.Index].X, (float)board.Points[p.Index].Y, 0)).ToArray()));
            seen.Add(Mat.FromArray(v.Points.Select(p => new Point2f(p.X, p.Y)).ToArray()));
        }
        using Mat k = new(), d = new();
        double rms = Cv2.CalibrateCamera(b, seen, new Size(640, 480), k, d, out _, out _, (CalibrationFlags)0x40000 | CalibrationFlags.ThinPrismModel | CalibrationFlags.FixK4 | CalibrationFlags.FixK5 | CalibrationFlags.FixK6 | CalibrationFlags.FixK3 | CalibrationFlags.RationalModel);
        d.GetArray(out double[] c);
        File.AppendAllText("/tmp/cal/examples.txt", $"tilted rms {rms} {k.At<double>(0,0)} {k.At<double>(1,1)} {k.At<double>(0,2)} {k.At<double>(1,2)} [{string.Join(", ", c)}]\n");
        foreach ((CalibrationFlags flags, string n) in new[] { (CalibrationFlags.ThinPrismModel | CalibrationFlags.FixK4 | CalibrationFlags.FixK5 | CalibrationFlags.FixK6 | CalibrationFlags.RationalModel, "thin"), (CalibrationFlags.RationalModel, "rational") })
        {
            rms = Cv2.CalibrateCamera(b, seen, new Size(640, 480), k, d, out _, out _, flags);
            d.GetArray(out c);
            File.AppendAllText("/tmp/cal/examples.txt", $"{n} rms {rms} {k.At<double>(0,0)} {k.At<double>(1,1)} {k.At<double>(0,2)} {k.At<double>(1,2)} [{string.Join(", ", c)}]\n");
        }
    }
}
