using OpenCvSharp;
using VisionBanana.Edge.OpenCv.Calibration;

namespace VisionBanana.Edge.OpenCv.Tests.Calibration;

public sealed class MakeExamplesTests
{
    [Fact]
    public void Examples()
    {
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
            using Mat k2 = new(), d2 = new();
            rms = Cv2.CalibrateCamera(b, seen, new Size(640, 480), k2, d2, out _, out _, flags);
            d2.GetArray(out c);
            File.AppendAllText("/tmp/cal/examples.txt", $"{n} rms {rms} {k2.At<double>(0,0)} {k2.At<double>(1,1)} {k2.At<double>(0,2)} {k2.At<double>(1,2)} [{string.Join(", ", c)}]\n");
        }
    }
}
