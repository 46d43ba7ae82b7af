using System.Collections.Immutable;
using OpenCvSharp;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>Solves a camera from views of a board, and says which lens model the residuals justify.</summary>
public static class CameraSolver
{
    private const int FewestViews = 3;

    // A richer model must lower the residuals by this part, or it only follows their noise.
    private const double WorthIt = 0.05;
    private const double OutlierAgainstMedian = 4, SmallestOutlierPixels = 0.8;

    /// <summary>Solves one model; views that it does not fit while it fits the others are dropped from the collector.</summary>
    /// <param name="target">The board.</param>
    /// <param name="collector">The views.</param>
    /// <param name="model">The lens model: plumb-bob, rational or equidistant.</param>
    /// <param name="withoutK3">True for a plumb-bob of four coefficients, for formats that have no place for the fifth.</param>
    /// <exception cref="CameraException">There are too few views, or they do not determine a camera.</exception>
    public static CameraSolution Solve(CalibrationTarget target, ViewCollector collector, DistortionModel model, bool withoutK3 = false)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(collector);
        RequireViews(collector);
        CameraSolution solution = SolveOnce(target, collector, model, withoutK3);
        for (int dropped = 0; dropped < collector.Verdicts.Count / 5 && collector.Views.Count > FewestViews + 2; dropped++)
        {
            double median = solution.Views.Select(v => v.Rms).Order().ElementAt(solution.Views.Count / 2);
            ViewError worst = solution.Views.MaxBy(v => v.Rms)!;
            if (worst.Rms < Math.Max(OutlierAgainstMedian * median, SmallestOutlierPixels))
            {
                break;
            }

            collector.Drop(worst.Name, ViewVerdict.Outlier);
            solution = SolveOnce(target, collector, model, withoutK3);
        }

        return solution;
    }

    /// <summary>Solves every model and gives the simplest whose residuals no richer one lowers by 5 %, with all that could be solved.</summary>
    /// <param name="target">The board.</param>
    /// <param name="collector">The views; those that fit no solution are dropped from it.</param>
    /// <param name="tried">Every model that could be solved.</param>
    /// <param name="withoutK3">True for a plumb-bob of four coefficients and no rational model, for formats that have no place for more.</param>
    /// <exception cref="CameraException">There are too few views, or they do not determine a camera.</exception>
    public static CameraSolution SolveBest(
        CalibrationTarget target, ViewCollector collector, out IReadOnlyList<CameraSolution> tried, bool withoutK3 = false)
    {
        CameraSolution best = Solve(target, collector, DistortionModel.PlumbBob, withoutK3);
        var solutions = new List<CameraSolution> { best };
        DistortionModel[] richer = withoutK3 ? [DistortionModel.Equidistant] : [DistortionModel.RationalPolynomial, DistortionModel.Equidistant];
        foreach (DistortionModel model in richer)
        {
            try
            {
                CameraSolution solution = SolveOnce(target, collector, model, withoutK3);
                solutions.Add(solution);
                bool isSound = CalibrationLint.Examine(solution.Camera).All(f => f.Severity != LintSeverity.Error && f.Rule != "fold");
                if (isSound && solution.Rms < best.Rms * (1 - WorthIt))
                {
                    best = solution;
                }
            }
            catch (CameraException)
            {
                // A model that cannot be solved from these views is not the one that they justify.
                continue;
            }
        }

        tried = solutions;
        return best;
    }

    private static CameraSolution SolveOnce(CalibrationTarget target, ViewCollector collector, DistortionModel model, bool withoutK3)
    {
        IReadOnlyList<BoardView> views = collector.Views;
        RequireViews(collector);
        var board = new List<Mat>();
        var seen = new List<Mat>();
        using Mat k = new(), d = new();
        Mat[] rotations = [], translations = [];
        try
        {
            var size = new Size(collector.Width, collector.Height);
            if (model == DistortionModel.Equidistant)
            {
                foreach (BoardView view in views)
                {
                    board.Add(Mat.FromArray(view.Points.Select(p => new Vec3d(target.Points[p.Index].X, target.Points[p.Index].Y, 0)).ToArray()));
                    seen.Add(Mat.FromArray(view.Points.Select(p => new Vec2d(p.X, p.Y)).ToArray()));
                }

                Cv2.FishEye.Calibrate(
                    board, seen, size, k, d, out IEnumerable<Mat> r, out IEnumerable<Mat> t,
                    FishEyeCalibrationFlags.RecomputeExtrinsic | FishEyeCalibrationFlags.FixSkew,
                        new TermCriteria(CriteriaTypes.Count | CriteriaTypes.Eps, 100, 1e-9));
                (rotations, translations) = ([.. r], [.. t]);
            }
            else
            {
                foreach (BoardView view in views)
                {
                    board.Add(
                        Mat.FromArray(view.Points.Select(p => new Point3f((float)target.Points[p.Index].X, (float)target.Points[p.Index].Y, 0)).ToArray()));
                    seen.Add(Mat.FromArray(view.Points.Select(p => new Point2f(p.X, p.Y)).ToArray()));
                }

                Cv2.CalibrateCamera(
                    board, seen, size, k, d, out rotations, out translations,
                    model == DistortionModel.RationalPolynomial ? CalibrationFlags.RationalModel : withoutK3 ? CalibrationFlags.FixK3 : CalibrationFlags.None,
                    new TermCriteria(CriteriaTypes.Count | CriteriaTypes.Eps, 200, 1e-12));
            }

            return Assess(target, collector, Camera(collector, model, k, d, withoutK3), [.. rotations.Zip(translations, BoardPose.Of)]);
        }
        catch (Exception e) when (e is OpenCVException or OpenCvSharpException)
        {
            throw new CameraException(
                $"These views do not determine a camera of the model {model}: {e.Message.Trim()} Add views with the board tilted, near and in the corners.", e);
        }
        finally
        {
            foreach (Mat mat in (Mat[])[.. board, .. seen, .. rotations, .. translations])
            {
                mat.Dispose();
            }
        }
    }

    private static CameraIntrinsics Camera(ViewCollector collector, DistortionModel model, Mat k, Mat d, bool withoutK3)
    {
        d.GetArray(out double[] coefficients);
        int count = model switch { DistortionModel.PlumbBob => withoutK3 ? 4 : 5, DistortionModel.RationalPolynomial => 8, _ => 4 };
        var camera = new CameraIntrinsics(collector.Width, collector.Height, k.At<double>(0, 0), k.At<double>(1, 1), k.At<double>(0, 2), k.At<double>(1, 2))
        {
            DistortionModel = model,
            Distortion = ImmutableArray.Create(coefficients, 0, count),
        };
        return double.IsFinite(camera.Fx) && double.IsFinite(camera.Fy) && camera.Distortion.All(double.IsFinite)
            ? camera
            : throw new CameraException(
                $"These views do not determine a camera of the model {model}: add views with the board tilted, near and in the corners.");
    }

    private static CameraSolution Assess(CalibrationTarget target, ViewCollector collector, CameraIntrinsics camera, BoardPose[] poses)
    {
        var errors = new List<ViewError>();
        var residuals = new List<IReadOnlyList<(double, double, double, double)>>();
        double sum = 0;
        int count = 0;
        for (int i = 0; i < poses.Length; i++)
        {
            BoardView view = collector.Views[i];
            var pairs = new List<(double, double, double, double)>();
            double viewSum = 0;
            foreach (FoundPoint p in view.Points)
            {
                (double bx, double by) = target.Points[p.Index];
                (double x, double y) = poses[i].Project(camera, bx, by);

                // A point past the fold has no place; it counts as far off.
                double dx = double.IsNaN(x) ? camera.Width : x - p.X, dy = double.IsNaN(y) ? 0 : y - p.Y;
                viewSum += (dx * dx) + (dy * dy);
                pairs.Add((p.X, p.Y, x, y));
            }

            sum += viewSum;
            count += view.Points.Count;
            (double px, double py, double pz) = poses[i].Place(0, 0);
            errors.Add(new ViewError(
                view.Name, Math.Sqrt(viewSum / view.Points.Count), view.Points.Count, Math.Sqrt((px * px) + (py * py) + (pz * pz)),
                double.RadiansToDegrees(Math.Acos(Math.Clamp(Math.Abs(poses[i].R[8]), 0, 1))), poses[i].Rotation, poses[i].Translation));
            residuals.Add(pairs);
        }

        return new CameraSolution(camera, Math.Sqrt(sum / count), errors)
        {
            Deviations = SolutionDeviations.Of(target, collector.Views, camera, poses),
            Residuals = residuals,
        };
    }

    private static void RequireViews(ViewCollector collector)
    {
        if (collector.Views.Count < FewestViews)
        {
            throw new CameraException(
                $"A camera is solved from {FewestViews} views at least, 15 to 30 are good; "
                + $"the board was found in {collector.Views.Count} of {collector.Verdicts.Count} pictures. "
                + "Check the pattern's numbers (inner corners, not squares, for a chessboard) and that the whole board is in the picture.");
        }
    }
}
