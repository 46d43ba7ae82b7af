using System.Globalization;
using System.Text;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Calibration.Formats;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.OpenCv.Calibration;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>Runs a calibration: looks for boards with progress, solves, writes file and page.</summary>
internal sealed class CalibrationRun(CalibrationTarget target, string model, string name)
{
    // Of a stream only views that add something are kept, and no more than a solver needs.
    private const double LeastMoveInStreams = 0.04;
    private const int EnoughViews = 60;

    public async Task<CalibrationReport> RunAsync(
        IReadOnlyList<string> images, IReadOnlyList<string> right, string? source, int? frames, string output, string? page,
            CancellationToken cancellationToken)
    {
        if ((images.Count > 0) == (source is not null))
        {
            throw new ConfigurationException("Give either --images or --source: where pictures of the board are.");
        }

        if (right.Count > 0 && source is not null)
        {
            throw new ConfigurationException("--right goes with --images: a pair is solved from pictures taken at the same moments.");
        }

        string format = CalibrationFile.FormatOf(output) ?? throw new ConfigurationException(
            $"The name '{output}' does not tell a format: expected e.g. camera.yaml (ROS), camera.yml (OpenCV) or camchain.yaml (Kalibr).");
        if (right.Count > 0 && format == "ros")
        {
            throw new ConfigurationException(
                $"A pair needs a format that holds two cameras: name the output e.g. camchain.yaml (Kalibr) or pair.yml (OpenCV), found '{output}'.");
        }

        // These have places for k1, k2, p1, p2 alone.
        bool withoutK3 = format is "kalibr" or "euroc";
        IReadOnlyList<string> leftFiles = images.Count > 0 ? PictureList.Find(images) : [];
        ViewCollector left = source is null ? Look(leftFiles, cancellationToken) : await LookAsync(source, frames, cancellationToken).ConfigureAwait(false);
        (CameraSolution solution, IReadOnlyList<CameraSolution> tried) = Solve(left, right.Count > 0 ? "left" : name, withoutK3);
        var cameras = new List<SolvedCamera> { SolvedCamera.Of(left, solution, tried) };
        var calibrated = new List<CalibratedCamera> { new(solution.Camera) };
        SolvedPair? pair = null;
        if (right.Count > 0)
        {
            IReadOnlyList<string> rightFiles = PictureList.Find(right);
            if (rightFiles.Count != leftFiles.Count)
            {
                throw new ConfigurationException(
                    $"A pair needs as many pictures of one camera as of the other, found {leftFiles.Count} and {rightFiles.Count}.");
            }

            ViewCollector second = Look(rightFiles, cancellationToken);
            (CameraSolution rightSolution, tried) = Solve(second, "right", withoutK3);
            cameras.Add(SolvedCamera.Of(second, rightSolution, tried));
            (pair, CameraPose pose) = SolvePair(leftFiles, rightFiles, left, second, solution, rightSolution);

            // Each format has its own word for the first camera.
            calibrated.Add(new CalibratedCamera(rightSolution.Camera) { Pose = pose with { Reference = format == "orbslam3" ? "Camera1" : "left" } });
        }

        byte[] content = CalibrationFile.Format(calibrated, format);
        OutputFile.Write(output, format is "ros" or "kalibr" ? [.. Encoding.UTF8.GetBytes(Comment(cameras)), .. content] : content);
        if (page is not null)
        {
            OutputFile.Write(page, Encoding.UTF8.GetBytes(
                SolutionReport.Html(target, left, solution, leftFiles.ToLookup(f => Path.GetFileName(f)).ToDictionary(g => g.Key, g => g.First()))));
        }

        return new CalibrationReport(output, page, solution.Rms, cameras, pair);
    }

    private ViewCollector Look(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var collector = new ViewCollector(target);
        using var progress = new ProgressLine();
        for (int i = 0; i < files.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ViewVerdict verdict = collector.Add(files[i]);
            progress.Show($"{i + 1} of {files.Count}: {Path.GetFileName(files[i])} {verdict}, points in {collector.Coverage:P0} of the picture");
        }

        return collector;
    }

    /// <summary>Watches a camera or video until it ends, enough was seen, or somebody presses Ctrl-C: what was seen then is solved.</summary>
    private async Task<ViewCollector> LookAsync(string source, int? frames, CancellationToken cancellationToken)
    {
        var collector = new ViewCollector(target, LeastMoveInStreams);
        using ICameraSource camera = SourceKinds.All.Open(source);
        using var progress = new ProgressLine();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int count = 0;
        void See(CameraFrame frame)
        {
            if (ended.Task.IsCompleted)
            {
                return;
            }

            count++;
            ViewVerdict verdict = collector.Add(string.Create(CultureInfo.InvariantCulture, $"picture {count}"), frame);
            progress.Show(
                $"picture {count}: {verdict}; {collector.Views.Count} views, points in {collector.Coverage:P0}"
                + (collector.Views.Count > 0 && collector.Uncovered.Count > 0 ? $", still missing: {string.Join(", ", collector.Uncovered)}" : ""));
            if (count == frames || collector.Views.Count == EnoughViews)
            {
                ended.TrySetResult();
            }
        }

        using CancellationTokenRegistration cancelled = cancellationToken.Register(() => ended.TrySetResult());
        using (camera.Frames.Subscribe(See, e => ended.TrySetException(e), () => ended.TrySetResult()))
        {
            await ended.Task.ConfigureAwait(false);
        }

        return collector;
    }

    private (CameraSolution Solution, IReadOnlyList<CameraSolution> Tried) Solve(ViewCollector collector, string camera, bool withoutK3)
    {
        IReadOnlyList<CameraSolution> tried = [];
        CameraSolution solution = model == "auto"
            ? CameraSolver.SolveBest(target, collector, out tried, withoutK3)
            : CameraSolver.Solve(target, collector, model switch
            {
                "plumb_bob" => DistortionModel.PlumbBob,
                "rational" => DistortionModel.RationalPolynomial,
                _ => DistortionModel.Equidistant,
            }, withoutK3);
        return (solution with { Camera = solution.Camera with { Name = camera } }, tried);
    }

    private (SolvedPair Pair, CameraPose Pose) SolvePair(
        IReadOnlyList<string> leftFiles, IReadOnlyList<string> rightFiles, ViewCollector left, ViewCollector right, CameraSolution leftSolution,
            CameraSolution rightSolution)
    {
        Dictionary<string, BoardView> leftViews = left.Views.ToDictionary(v => v.Name), rightViews = right.Views.ToDictionary(v => v.Name);
        (BoardView, BoardView)[] pairs =
        [
            .. leftFiles.Zip(rightFiles)
                .Where(p => leftViews.ContainsKey(Path.GetFileName(p.First)) && rightViews.ContainsKey(Path.GetFileName(p.Second)))
                .Select(p => (leftViews[Path.GetFileName(p.First)], rightViews[Path.GetFileName(p.Second)])),
        ];
        CameraPose pose = StereoSolver.Solve(target, leftSolution.Camera, rightSolution.Camera, pairs, out double rms);
        return (new SolvedPair(rms, pairs.Length, pose.Distance, [.. pose.Matrix]), pose);
    }

    private string Comment(IReadOnlyList<SolvedCamera> cameras)
    {
        var text = new StringBuilder();
        foreach (SolvedCamera c in cameras)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"# {c.Name}: rms {c.Rms:0.0000} px, {c.Used} of {c.Pictures} pictures, {target.Description}, points in {c.Coverage:P0} of the picture\n");
            string deviations = string.Join(", ", c.Deviations.Select(d => d.ToString("0.#####", CultureInfo.InvariantCulture)));
            text.Append(CultureInfo.InvariantCulture, $"# standard deviations of fx, fy, cx, cy and the coefficients: {deviations}\n");
            foreach (SolvedView view in c.Views)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"#   {view.Name}: {(view.Rms is { } rms ? rms.ToString("0.000", CultureInfo.InvariantCulture) : view.Verdict)}\n");
            }
        }

        return text.ToString();
    }
}
