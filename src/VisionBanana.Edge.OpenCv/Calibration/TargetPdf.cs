using System.Globalization;
using System.Text;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>Prints a board to a PDF page at its true size, with its sizes in words and a ruler to check the print. Vector graphics only.</summary>
public static class TargetPdf
{
    private const double PointsPerMetre = 72 / 0.0254, MarginM = 0.008, RulerM = 0.1, TextM = 0.022;

    private static readonly Dictionary<string, (double Width, double Height)> Papers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["a0"] = (0.841, 1.189),
        ["a1"] = (0.594, 0.841),
        ["a2"] = (0.420, 0.594),
        ["a3"] = (0.297, 0.420),
        ["a4"] = (0.210, 0.297),
        ["a5"] = (0.148, 0.210),
        ["letter"] = (0.2159, 0.2794),
        ["tabloid"] = (0.2794, 0.4318),
    };

    /// <summary>The papers that are known.</summary>
    public static IReadOnlyCollection<string> PaperNames => Papers.Keys;

    /// <summary>The largest side of one of so many units that fit a paper's printable part, in metres; used to choose the size of squares.</summary>
    /// <param name="paper">One of <see cref="PaperNames"/>.</param>
    /// <param name="columns">Units across the longer side.</param>
    /// <param name="rows">Units across the shorter side.</param>
    /// <exception cref="ConfigurationException">The paper is not known.</exception>
    public static double LargestUnit(string paper, double columns, double rows)
    {
        (double width, double height) = Paper(paper, columns > rows);
        double unit = Math.Min((width - (2 * MarginM)) / columns, (height - (2 * MarginM) - TextM) / rows);
        return Math.Floor(unit * 1000) / 1000;
    }

    /// <summary>The page, as the bytes of a PDF file.</summary>
    /// <exception cref="ConfigurationException">The paper is not known, or the board is larger than it.</exception>
    public static byte[] Write(CalibrationTarget target, string paper)
    {
        ArgumentNullException.ThrowIfNull(target);
        (double boardWidth, double boardHeight) = target.Size;
        (double width, double height) = Paper(paper, boardWidth > boardHeight);
        if (boardWidth > width - (2 * MarginM) + 1e-9 || boardHeight > height - (2 * MarginM) - TextM + 1e-9)
        {
            throw new ConfigurationException(FormattableString.Invariant(
                $"The board is {boardWidth * 1000:0.#}×{boardHeight * 1000:0.#} mm, {paper} has room for {(width - (2 * MarginM)) * 1000:0.#}×")
                + FormattableString.Invariant($"{(height - (2 * MarginM) - TextM) * 1000:0.#} mm: choose smaller squares or a larger paper."));
        }

        double left = (width - boardWidth) / 2, top = MarginM + ((height - (2 * MarginM) - TextM - boardHeight) / 2);
        var content = new StringBuilder("0 g\n");
        foreach (DarkRectangle r in target.Print())
        {
            Append(content, $"{Pt(left + r.X)} {Pt(height - top - r.Y - r.Height)} {Pt(r.Width)} {Pt(r.Height)} re\n");
        }

        content.Append("f\n");
        double line = MarginM + 0.004;
        for (int millimetre = 0; millimetre <= 100; millimetre++)
        {
            double tick = millimetre % 10 == 0 ? 0.004 : millimetre % 5 == 0 ? 0.003 : 0.002;
            Append(content, $"{Pt(left + (millimetre / 1000.0) - 0.00005)} {Pt(line)} {Pt(0.0001)} {Pt(tick)} re\n");
        }

        Append(content, $"{Pt(left)} {Pt(line)} {Pt(RulerM)} {Pt(0.0001)} re f\n");
        Text(content, left, line - 0.0035, 7,
            "This ruler is 100 mm long. Print at 100 % (no fit to page), measure it, and give the true size of a square to vbedge.");
        Text(content, left, line + 0.007, 9, target.Description);
        return Pdf(content.ToString(), Pt(width), Pt(height));
    }

    private static (double Width, double Height) Paper(string name, bool isLandscape)
    {
        if (!Papers.TryGetValue(name, out (double Width, double Height) size))
        {
            throw new ConfigurationException($"The paper '{name}' is not known: expected one of {string.Join(", ", Papers.Keys)}.");
        }

        return isLandscape ? (size.Height, size.Width) : size;
    }

    private static void Text(StringBuilder content, double x, double y, int size, string text)
    {
        // The fonts that every reader has know Latin-1: × and ü are in it.
        string escaped = text.Replace(
            "\\", "\\\\", StringComparison.Ordinal).Replace("(", "\\(", StringComparison.Ordinal).Replace(")", "\\)", StringComparison.Ordinal);
        Append(content, $"BT /F1 {size} Tf {Pt(x)} {Pt(y)} Td ({escaped}) Tj ET\n");
    }

    private static string Pt(double metres) => (metres * PointsPerMetre).ToString("0.####", CultureInfo.InvariantCulture);

    private static void Append(StringBuilder content, FormattableString text) => content.Append(text.ToString(CultureInfo.InvariantCulture));

    private static byte[] Pdf(string content, string width, string height)
    {
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            $"<< /Length {Encoding.Latin1.GetByteCount(content)} >>\nstream\n{content}\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ];
        var file = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        for (int i = 0; i < objects.Length; i++)
        {
            offsets.Add(file.Length);
            Append(file, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }

        int table = file.Length;
        Append(file, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (int offset in offsets)
        {
            Append(file, $"{offset:0000000000} 00000 n \n");
        }

        Append(file, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(file.ToString());
    }
}
