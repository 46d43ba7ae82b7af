using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>
/// Text from MATLAB: <c>Calib_Results.m</c> of Bouguet's toolbox (fc, cc, alpha_c, kc, nx, ny; its pixels begin at 0), and what MATLAB
/// shows of a <c>cameraIntrinsics</c> object (FocalLength, PrincipalPoint, ImageSize, RadialDistortion, TangentialDistortion, Skew; its
/// pixels begin at 1).
/// </summary>
internal sealed partial class MatlabFormat : CalibrationFormat
{
    public override string Name => "matlab";

    public override string Description => "MATLAB Calib_Results.m or cameraIntrinsics";

    public override string FileName => "*.m";

    public override IReadOnlyList<DistortionModel> Models => [DistortionModel.PlumbBob];

    public override bool Recognises(CalibrationDocument document) => document is { Root: null, Text: { } text }
        && (Assignments(text).ContainsKey("fc") || Assignments(text).ContainsKey("FocalLength"));

    public override IReadOnlyList<CalibratedCamera> Read(CalibrationDocument document)
    {
        Dictionary<string, (int Line, string Values)> found = Assignments(document.Text!);
        void Problem(string key, string message) => document.Problems.Add(
            new ConfigurationProblem(document.Path, found.TryGetValue(key, out (int Line, string) at) ? at.Line : 0, 1, $"{key}: {message}"));

        double[] Numbers(string key, int least, int most, bool required = true)
        {
            if (!found.TryGetValue(key, out (int Line, string Values) at))
            {
                if (required)
                {
                    Problem(key, "missing");
                }

                return [];
            }

            string[] words = at.Values.Split((char[])[' ', ',', ';', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
            double[] values = new double[words.Length];
            for (int i = 0; i < words.Length; i++)
            {
                if (!double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !double.IsFinite(values[i]))
                {
                    Problem(key, $"expected a finite number, found '{(words[i].Length > 40 ? words[i][..40] : words[i])}'");
                    return [];
                }
            }

            if (values.Length < least || values.Length > most)
            {
                Problem(key, $"expected {least}{(most > least ? $" to {most}" : "")} numbers, found {values.Length}");
                return [];
            }

            return values;
        }

        CameraDraft? draft = found.ContainsKey("fc") ? Toolbox(Numbers) : Object(Numbers);
        bool isToolbox = found.ContainsKey("fc");
        return draft?.Finish(isToolbox ? "fc" : "FocalLength", isToolbox ? "kc" : "RadialDistortion", Problem) is { } camera
            ? [new CalibratedCamera(camera)]
            : [];
    }

    public override byte[] Write(IReadOnlyList<CalibratedCamera> cameras)
    {
        CameraIntrinsics c = cameras[0].Intrinsics;
        var text = new StringBuilder("% Intrinsics in the form of Calib_Results.m: pixels begin at 0.\n");
        text.Append(CultureInfo.InvariantCulture, $"fc = [ {List([c.Fx, c.Fy], " ; ")} ];\ncc = [ {List([c.Cx, c.Cy], " ; ")} ];\n");
        text.Append(CultureInfo.InvariantCulture,
            $"alpha_c = {Number(c.Skew / c.Fx)};\nkc = [ {List(Coefficients(c, 5), " ; ")} ];\nnx = {c.Width};\nny = {c.Height};\n");
        return Bytes(text.ToString());
    }

    private delegate double[] Reader(string key, int least, int most, bool required = true);

    private static CameraDraft? Toolbox(Reader read)
    {
        double[] f = read("fc", 2, 2), c = read("cc", 2, 2), alpha = read("alpha_c", 1, 1, required: false), d = read("kc", 4, 5, required: false);
        double[] nx = read("nx", 1, 1), ny = read("ny", 1, 1);
        return f.Length == 2 && c.Length == 2 && nx.Length == 1 && ny.Length == 1
            ? new CameraDraft(
                Side(nx[0]), Side(ny[0]))
            { Fx = f[0], Fy = f[1], Cx = c[0], Cy = c[1], Skew = alpha is [var a] ? a * f[0] : 0, Coefficients = [.. d] }
            : null;
    }

    private static CameraDraft? Object(Reader read)
    {
        double[] f = read("FocalLength", 2, 2), c = read("PrincipalPoint", 2, 2), size = read("ImageSize", 2, 2), skew = read("Skew", 1, 1, required: false);
        double[] radial = read("RadialDistortion", 2, 3, required: false), tangential = read("TangentialDistortion", 2, 2, required: false);
        double[] k = [.. radial, 0, 0, 0], p = [.. tangential, 0, 0];
        return f.Length == 2 && c.Length == 2 && size.Length == 2
            ? new CameraDraft(Side(size[1]), Side(size[0]))
            {
                Fx = f[0],
                Fy = f[1],
                Cx = c[0] - 1,
                Cy = c[1] - 1,
                Skew = skew is [var s] ? s : 0,
                Coefficients = [k[0], k[1], p[0], p[1], k[2]],
            }
            : null;
    }

    private static int Side(double pixels) => pixels is >= 1 and <= CameraDraft.LargestSide ? (int)pixels : 0;

    private static Dictionary<string, (int Line, string Values)> Assignments(string text)
    {
        var found = new Dictionary<string, (int, string)>(StringComparer.Ordinal);
        foreach (Match match in Assignment().Matches(text))
        {
            int line = 1 + text.AsSpan(0, match.Index).Count('\n');
            found.TryAdd(match.Groups["name"].Value, (line, match.Groups["list"].Success ? match.Groups["list"].Value : match.Groups["one"].Value));
        }

        return found;
    }

    [GeneratedRegex(
        @"^[ \t]*(?<name>fc|cc|alpha_c|kc|nx|ny|FocalLength|PrincipalPoint|ImageSize|RadialDistortion|TangentialDistortion|Skew)"
        + @"[ \t]*[:=][ \t]*(\[(?<list>[^\]]*)\]|(?<one>[-+.\w]+))",
        RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Assignment();
}
