using OpenCvSharp;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>A dark sheet that panels, bars and smooth text are drawn on. Colours are BGR.</summary>
internal sealed class PreviewCanvas : IDisposable
{
    public static readonly Scalar Background = new(30, 25, 22), Bright = new(236, 232, 230), Dim = new(168, 158, 150), Line = new(84, 74, 68);

    // Hershey strokes are drawn four times as large and averaged down, which makes them look like print.
    private const int Supersampling = 4;
    private const HersheyFonts Font = HersheyFonts.HersheySimplex;

    // Height of a capital at scale 1.
    private const double CapHeight = 21;

    public PreviewCanvas(int width, int height) => Picture = new Mat(height, width, MatType.CV_8UC3, Background);

    public Mat Picture { get; }

    public static int TextWidth(string text, double capHeight) => text.Length == 0
        ? 0
        : (int)Math.Ceiling(Cv2.GetTextSize(Ascii(text), Font, Supersampling * capHeight / CapHeight, Supersampling, out _).Width / (double)Supersampling);

    public void Place(Mat picture, int x, int y)
    {
        using Mat target = new(Picture, new Rect(x, y, picture.Width, picture.Height));
        picture.CopyTo(target);
    }

    public void Fill(int x, int y, int width, int height, Scalar colour) => Cv2.Rectangle(Picture, new Rect(x, y, width, height), colour, -1);

    public void Frame(int x, int y, int width, int height, Scalar colour) => Cv2.Rectangle(Picture, new Rect(x, y, width, height), colour, 1);

    /// <summary>Draws text whose base line begins at (x, baseline); what does not fit on the sheet is cut off.</summary>
    public void Text(string text, int x, int baseline, double capHeight, Scalar colour, bool bold = false)
    {
        string ascii = Ascii(text);
        int above = (int)Math.Ceiling(capHeight) + 3, below = (int)Math.Ceiling(capHeight * 0.45) + 1;
        int width = Math.Min(TextWidth(ascii, capHeight) + 3, Picture.Width - x), top = baseline - above;
        if (ascii.Length == 0 || width <= 0)
        {
            return;
        }

        using var large = new Mat((above + below) * Supersampling, width * Supersampling, MatType.CV_8UC1, Scalar.All(0));
        double thickness = capHeight * Supersampling / CapHeight * (bold ? 3.2 : 2);
        Cv2.PutText(
            large, ascii, new Point(Supersampling, above * Supersampling), Font, Supersampling * capHeight / CapHeight, Scalar.All(255),
            Math.Max((int)Math.Round(thickness), 1), LineTypes.AntiAlias);
        using var coverage = new Mat();
        Cv2.Resize(large, coverage, new Size(width, above + below), 0, 0, InterpolationFlags.Area);
        Blend(coverage, x, top, colour);
    }

    public void TextRight(string text, int right, int baseline, double capHeight, Scalar colour) =>
        Text(text, right - TextWidth(text, capHeight), baseline, capHeight, colour);

    public void Dispose() => Picture.Dispose();

    private void Blend(Mat coverage, int left, int top, Scalar colour)
    {
        int width = coverage.Width, height = coverage.Height, sheetWidth = Picture.Width, sheetHeight = Picture.Height;
        Span<byte> alpha = coverage.AsSpan<byte>();
        Span<Vec3b> sheet = Picture.AsSpan<Vec3b>();
        for (int y = Math.Max(-top, 0); y < height && top + y < sheetHeight; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double a = alpha[(y * width) + x] / 255.0;
                ref Vec3b pixel = ref sheet[((top + y) * sheetWidth) + left + x];
                pixel = new Vec3b(Mix(pixel.Item0, colour.Val0, a), Mix(pixel.Item1, colour.Val1, a), Mix(pixel.Item2, colour.Val2, a));
            }
        }
    }

    private static byte Mix(byte under, double over, double alpha) => (byte)Math.Round(under + (alpha * (over - under)));

    private static string Ascii(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
