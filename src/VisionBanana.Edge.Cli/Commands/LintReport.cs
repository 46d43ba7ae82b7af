using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Calibration.Formats;
using VisionBanana.Edge.OpenCv.Pictures;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>What <c>calibration lint</c> found in one file.</summary>
/// <param name="File">The file.</param>
/// <param name="Format">Its format; null when it could not be read.</param>
/// <param name="Cameras">How many cameras were examined.</param>
/// <param name="Errors">How many findings are errors.</param>
/// <param name="Warnings">How many are warnings.</param>
/// <param name="Findings">All, with the camera they belong to and, when the file was refused, their place in it.</param>
internal sealed record LintReport(string File, string? Format, int Cameras, int Errors, int Warnings, IReadOnlyList<LintLine> Findings)
{
    /// <summary>Examines a file; that it is refused is a finding.</summary>
    /// <exception cref="CameraException">The picture cannot be read.</exception>
    public static LintReport Of(string address, string? image)
    {
        (int Width, int Height)? size = null;
        if (image is not null)
        {
            using Perception.CameraFrame picture = PictureFile.Read(image);
            size = (picture.Width, picture.Height);
        }

        var lines = new List<LintLine>();
        string? format = null;
        int cameras = 0;
        try
        {
            CalibrationSet set = System.IO.File.Exists(address)
                ? CalibrationFile.Load(address)
                : new CalibrationSet(CalibrationFile.Load(address[..Math.Max(address.LastIndexOf('#'), 1)]).Format, [CalibrationFile.Camera(address)]);
            (format, cameras) = (set.Format, set.Cameras.Count);

            // Of several cameras those of the picture's size are meant, when there are any.
            IEnumerable<CalibratedCamera> meant = size is { } s && set.Cameras.Any(c => (c.Intrinsics.Width, c.Intrinsics.Height) == s)
                ? set.Cameras.Where(c => (c.Intrinsics.Width, c.Intrinsics.Height) == s)
                : set.Cameras;
            lines.AddRange(meant.SelectMany(c => CalibrationLint.Examine(c, size).Select(f => LintLine.Of(c.Name, f))));
        }
        catch (ConfigurationException e)
        {
            lines.AddRange(e.Problems.Select(
                p => new LintLine(null, LintSeverity.Error, "file", p.Line, p.Column, p.Message, "the file is refused", "mend what is named")));
            if (e.Problems.Count == 0)
            {
                lines.Add(new LintLine(null, LintSeverity.Error, "file", 0, 0, e.Message, "the file is refused", "mend what is named"));
            }
        }

        return new LintReport(
            address, format, cameras, lines.Count(l => l.Severity == LintSeverity.Error), lines.Count(l => l.Severity == LintSeverity.Warning), lines);
    }

    public override string ToString() => string.Join(
        Environment.NewLine,
        [
            $"{File}: {Format ?? "refused"}, {Errors} error{(Errors == 1 ? "" : "s")}, {Warnings} warning{(Warnings == 1 ? "" : "s")}",
            .. Findings.Select(f => f.ToText(File)),
        ]);
}
