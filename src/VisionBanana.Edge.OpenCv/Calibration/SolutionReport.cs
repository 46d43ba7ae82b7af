using System.Globalization;
using System.Net;
using System.Text;
using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>A page that shows how a camera was solved: numbers, where points were seen, every view with its residuals. One file, no script.</summary>
public static class SolutionReport
{
    private const string Style = """
        <style>
        body { font: 15px/1.5 sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em }
        table { border-collapse: collapse }
        td, th { padding: .2em .8em; text-align: right; border-bottom: 1px solid #ccc }
        td:first-child, th:first-child { text-align: left }
        figure { display: inline-block; margin: .5em }
        svg { background: #eee }
        </style>

        """;

    private const int ThumbnailWidth = 320, Enlarged = 20;

    private const int MostPairs = 3;

    /// <summary>The page as HTML.</summary>
    /// <param name="target">The board.</param>
    /// <param name="sides">The cameras: one, or the left and the right one.</param>
    /// <param name="stereo">How the two stand to each other; null = one camera.</param>
    public static string Html(CalibrationTarget target, IReadOnlyList<SolvedSide> sides, SolvedStereo? stereo = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(sides);
        var page = new StringBuilder();
        string names = string.Join(", ", sides.Select(s => s.Solution.Camera.Name));
        Line(page, $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Calibration of {Text(names)}</title>");
        page.Append(Style);
        if (stereo is not null)
        {
            Pair(page, sides, stereo);
        }

        foreach (SolvedSide side in sides)
        {
            Camera(page, target, side);
        }

        Line(page, $"</html>");
        return page.ToString();
    }

    private static void Camera(StringBuilder page, CalibrationTarget target, SolvedSide side)
    {
        (ViewCollector collector, CameraSolution solution, _) = side;
        CameraIntrinsics c = solution.Camera;
        Line(page, $"<h1>{Text(c.Name)}</h1><p>{c.Width}×{c.Height}, {LintName(c)}, {Text(target.Description)}. <b>rms {solution.Rms:0.000} px</b>");
        Line(page, $"over {solution.Views.Count} of {collector.Verdicts.Count} pictures; points in {collector.Coverage:P0} of the picture.</p>");
        if (collector.Uncovered.Count > 0)
        {
            Line(page, $"<p>Hardly a point was seen in: {Text(string.Join(", ", collector.Uncovered))}. Show the board there too.</p>");
        }

        Numbers(page, solution);
        Coverage(page, solution);
        Views(page, collector, solution, side.Pictures);
    }

    private static void Pair(StringBuilder page, IReadOnlyList<SolvedSide> sides, SolvedStereo stereo)
    {
        var m = stereo.Pose.Matrix;
        double turn = double.RadiansToDegrees(Math.Acos(Math.Clamp((m[0] + m[5] + m[10] - 1) / 2, -1, 1)));
        Line(page, $"<h1>Pair</h1><p>The right camera is {stereo.Pose.Distance * 1000:0.00} mm from the left one and turned by {turn:0.00}°. ");
        Line(page, $"<b>rms {stereo.Rms:0.000} px</b> in the right picture over {stereo.Pairs.Count} pairs, with boards placed by the left one.</p>");
        Line(page, $"<table><tr><th></th><th>x, mm</th><th>y, mm</th><th>z, mm</th></tr>");
        Line(page, $"<tr><td>right camera in the left one's frame</td>");
        Line(page, $"<td>{m[3] * 1000:0.00}</td><td>{m[7] * 1000:0.00}</td><td>{m[11] * 1000:0.00}</td></tr></table>");
        Line(page, $"<p>Both pictures turned so that what both see lies on one row: a line must cross the same thing left and right.</p>");
        foreach ((string left, string right) in stereo.Pairs.Take(MostPairs))
        {
            byte[] jpeg = PairPicture.Draw(sides[0].Solution.Camera, sides[1].Solution.Camera, stereo.Pose, left, right);
            string caption = $"{Path.GetFileName(left)}, {Path.GetFileName(right)}";
            Line(page, $"<figure><img alt=\"{Text(caption)}\" width=\"960\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}\">");
            Line(page, $"<figcaption>{Text(caption)}</figcaption></figure>");
        }
    }

    private static string LintName(CameraIntrinsics camera) => camera.DistortionModel switch
    {
        DistortionModel.PlumbBob => "plumb bob",
        DistortionModel.RationalPolynomial => "rational polynomial",
        _ => "fisheye (equidistant)",
    };

    private static void Numbers(StringBuilder page, CameraSolution solution)
    {
        CameraIntrinsics c = solution.Camera;
        string[] names = ["fx", "fy", "cx", "cy", .. c.Distortion.Select((_, i) => $"coefficient {i + 1}")];
        double[] values = [c.Fx, c.Fy, c.Cx, c.Cy, .. c.Distortion];
        Line(page, $"<h2>Numbers</h2><table><tr><th></th><th>value</th><th>standard deviation</th></tr>");
        for (int i = 0; i < values.Length; i++)
        {
            string deviation = i < solution.Deviations.Count ? solution.Deviations[i].ToString("0.######", CultureInfo.InvariantCulture) : "";
            Line(page, $"<tr><td>{names[i]}</td><td>{values[i]:0.######}</td><td>{deviation}</td></tr>");
        }

        Line(page, $"</table>");
        foreach (LintFinding finding in CalibrationLint.Examine(c))
        {
            Line(page, $"<p>{(finding.Severity == LintSeverity.Error ? "Error" : "Warning")}: {Text(finding.ToString())}</p>");
        }
    }

    private static void Coverage(StringBuilder page, CameraSolution solution)
    {
        CameraIntrinsics c = solution.Camera;
        Line(page,
            $"<h2>Where points were seen</h2><p>Lines are residuals, {Enlarged} times enlarged.</p><svg viewBox=\"0 0 {c.Width} {c.Height}\" width=\"640\">");
        foreach ((double x, double y, double px, double py) in solution.Residuals.SelectMany(r => r))
        {
            Residual(page, x, y, px, py, c.Width / 320.0);
        }

        Line(page, $"</svg>");
    }

    private static void Views(StringBuilder page, ViewCollector collector, CameraSolution solution, IReadOnlyDictionary<string, string> pictures)
    {
        Line(page, $"<h2>Views</h2><table><tr><th>picture</th><th>result</th><th>rms, px</th><th>points</th><th>distance, m</th><th>tilt</th></tr>");
        foreach ((string name, ViewVerdict verdict) in collector.Verdicts)
        {
            ViewError? error = solution.Views.FirstOrDefault(v => v.Name == name);
            Line(page, $"<tr><td>{Text(name)}</td><td>{verdict}</td>");
            Line(page, error is null
                ? (FormattableString)$"<td></td><td></td><td></td><td></td></tr>"
                : $"<td>{error.Rms:0.000}</td><td>{error.Points}</td><td>{error.DistanceM:0.00}</td><td>{error.TiltDegrees:0}°</td></tr>");
        }

        Line(page, $"</table>");
        for (int i = 0; i < solution.Views.Count; i++)
        {
            CameraIntrinsics c = solution.Camera;
            ViewError view = solution.Views[i];
            Line(page, $"<figure><svg viewBox=\"0 0 {c.Width} {c.Height}\" width=\"{ThumbnailWidth}\">");
            if (pictures.TryGetValue(view.Name, out string? path))
            {
                Line(page, $"<image href=\"data:image/jpeg;base64,{Thumbnail(path)}\" width=\"{c.Width}\" height=\"{c.Height}\"/>");
            }

            foreach ((double x, double y, double px, double py) in solution.Residuals[i])
            {
                Residual(page, x, y, px, py, c.Width / 200.0);
            }

            Line(page, $"</svg><figcaption>{Text(view.Name)}: {view.Rms:0.000} px</figcaption></figure>");
        }
    }

    private static void Residual(StringBuilder page, double x, double y, double px, double py, double radius)
    {
        if (double.IsNaN(px))
        {
            return;
        }

        Line(page, $"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{radius:0.#}\" fill=\"#0a6\"/>");
        (double endX, double endY) = (x + (Enlarged * (px - x)), y + (Enlarged * (py - y)));
        Line(page, $"<line x1=\"{x:0.##}\" y1=\"{y:0.##}\" x2=\"{endX:0.##}\" y2=\"{endY:0.##}\" stroke=\"#c20\" stroke-width=\"{radius / 2:0.#}\"/>");
    }

    private static string Thumbnail(string path)
    {
        using CameraFrame frame = PictureFile.Read(path);
        using var mats = new Sources.FrameMats();
        using Mat small = new();
        Cv2.Resize(mats.Of(frame), small, new Size(ThumbnailWidth, Math.Max(ThumbnailWidth * frame.Height / frame.Width, 1)), 0, 0, InterpolationFlags.Area);
        Cv2.ImEncode(".jpg", small, out byte[] jpeg, [new ImageEncodingParam(ImwriteFlags.JpegQuality, 75)]);
        return Convert.ToBase64String(jpeg);
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static void Line(StringBuilder page, FormattableString line) => page.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
