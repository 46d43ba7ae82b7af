using OpenCvSharp;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>Rows of small pictures with a caption each, for looking at many results at once. Pixels are enlarged without blending.</summary>
public sealed class ContactSheet
{
    private const int LeastPanelWidth = 288, Margin = 20, Gap = 8, CaptionHeight = 34, TitleHeight = 26;

    private readonly int _width, _height, _factor;
    private readonly List<(string Caption, IReadOnlyList<(string Title, byte[] Rgb)> Panels)> _rows = [];

    /// <summary>A sheet for pictures of one size.</summary>
    /// <param name="width">Pixels per row of every picture.</param>
    /// <param name="height">Rows of every picture.</param>
    public ContactSheet(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        (_width, _height, _factor) = (width, height, Math.Max(1, (int)Math.Ceiling((double)LeastPanelWidth / width)));
    }

    /// <summary>Adds a row.</summary>
    /// <param name="caption">What the row shows.</param>
    /// <param name="panels">Titles and RGB pictures, Height × Width × 3 bytes.</param>
    /// <exception cref="ArgumentException">A picture has another size.</exception>
    public void AddRow(string caption, IReadOnlyList<(string Title, byte[] Rgb)> panels)
    {
        ArgumentNullException.ThrowIfNull(panels);
        foreach ((string title, byte[] rgb) in panels)
        {
            if (rgb.Length != _width * _height * 3)
            {
                throw new ArgumentException($"'{title}': expected {_width * _height * 3} bytes for {_width}×{_height}, found {rgb.Length}.", nameof(panels));
            }
        }

        _rows.Add((caption, panels));
    }

    /// <summary>Writes the sheet as PNG, or as JPEG when the name ends so.</summary>
    /// <exception cref="CameraException">The file cannot be written.</exception>
    public void Write(string path)
    {
        NativeOpenCv.Require();
        int panelWidth = _width * _factor, panelHeight = _height * _factor, rowHeight = CaptionHeight + panelHeight + TitleHeight;
        int columns = _rows.Select(r => r.Panels.Count).DefaultIfEmpty(1).Max();
        using var canvas = new PreviewCanvas(
            (2 * Margin) + (columns * (panelWidth + Gap)) - Gap, (2 * Margin) + Math.Max(_rows.Count * rowHeight, CaptionHeight));
        for (int r = 0; r < _rows.Count; r++)
        {
            int top = Margin + (r * rowHeight);
            canvas.Text(_rows[r].Caption, Margin, top + 18, 13, PreviewCanvas.Bright, bold: true);
            for (int c = 0; c < _rows[r].Panels.Count; c++)
            {
                int left = Margin + (c * (panelWidth + Gap));
                (string title, byte[] rgb) = _rows[r].Panels[c];
                using var small = new Mat(_height, _width, MatType.CV_8UC3);
                ChannelOrder.Swap(rgb, small.AsSpan<byte>());
                using var large = new Mat();
                Cv2.Resize(small, large, new Size(panelWidth, panelHeight), 0, 0, InterpolationFlags.Nearest);
                canvas.Place(large, left, top + CaptionHeight);
                canvas.Text(title, left, top + CaptionHeight + panelHeight + 15, 10, PreviewCanvas.Dim);
            }
        }

        byte[] sheet = new byte[canvas.Picture.Width * canvas.Picture.Height * 3];
        ChannelOrder.Swap(canvas.Picture.AsSpan<byte>(), sheet);
        PictureFile.WriteRgb(path, sheet, canvas.Picture.Width, canvas.Picture.Height);
    }
}
