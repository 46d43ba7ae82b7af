using System.Globalization;
using OpenCvSharp;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>
/// What a person would look at: the rectified picture and every percept side by side, depth with a scale in metres, labels over
/// the picture with the names and shares of what is there. Meant for eyes; data is in the files of <see cref="PictureFile"/>.
/// </summary>
public static class PreviewPicture
{
    private const int PanelWidth = 576, Margin = 20, Gap = 16, TitleHeight = 34, Row = 26, BarHeight = 14, ScaleHeight = BarHeight + 36, Swatch = 13;

    /// <summary>Writes the preview of a decoded frame as PNG, or as JPEG when the name ends so.</summary>
    /// <exception cref="CameraException">The file cannot be written.</exception>
    public static void Write(string path, PerceptionFrame frame)
    {
        byte[] rgb = Render(frame, out int width, out int height);
        PictureFile.WriteRgb(path, rgb, width, height);
    }

    /// <summary>Composes the preview of a decoded frame; returns it as RGB, Height × Width × 3 bytes.</summary>
    public static byte[] Render(PerceptionFrame frame, out int width, out int height)
    {
        ArgumentNullException.ThrowIfNull(frame);
        NativeOpenCv.Require();
        List<PreviewPanel> panels = Panels(frame);
        try
        {
            int panelWidth = panels[0].Picture.Width, panelHeight = panels[0].Picture.Height;
            int footer = panels.Max(p => FooterHeight(p, panelWidth));
            using var canvas = new PreviewCanvas(
                (2 * Margin) + (panels.Count * (panelWidth + Gap)) - Gap, (2 * Margin) + TitleHeight + panelHeight + footer);
            for (int i = 0; i < panels.Count; i++)
            {
                Draw(canvas, panels[i], Margin + (i * (panelWidth + Gap)), panelWidth, panelHeight);
            }

            (width, height) = (canvas.Picture.Width, canvas.Picture.Height);
            byte[] rgb = new byte[width * height * 3];
            ChannelOrder.Swap(canvas.Picture.AsSpan<byte>(), rgb);
            return rgb;
        }
        finally
        {
            panels.ForEach(p => p.Dispose());
        }
    }

    private static List<PreviewPanel> Panels(PerceptionFrame frame)
    {
        int width = frame.Width >= PanelWidth ? PanelWidth : PanelWidth / frame.Width * frame.Width;
        int height = Math.Max((int)Math.Round((double)width * frame.Height / frame.Width), 1);
        using var painter = new PanelPainter(frame, width, height);
        List<PreviewPanel> panels = [painter.Colour()];
        panels.AddRange(Enum.GetValues<PerceptKind>().Select(frame.Find).OfType<Percept>().OrderBy(percept => percept.Plane).Select(painter.Paint));
        return panels;
    }

    private static void Draw(PreviewCanvas canvas, PreviewPanel panel, int left, int width, int height)
    {
        int top = Margin + TitleHeight, bottom = top + height;
        canvas.Text(panel.Title, left, top - 13, 13, PreviewCanvas.Bright, bold: true);
        canvas.TextRight(panel.Note, left + width, top - 13, 11, PreviewCanvas.Dim);
        canvas.Place(panel.Picture, left, top);
        canvas.Frame(left - 1, top - 1, width + 2, height + 2, PreviewCanvas.Line);
        int y = bottom + Gap;
        if (panel.Scale is { } scale)
        {
            DrawScale(canvas, scale, left, y, width);
            y += ScaleHeight;
        }

        foreach ((int row, int x, int entry) in Flow(panel, width))
        {
            (Scalar colour, string name) = panel.Legend[entry];
            int baseline = y + (row * Row) + Swatch - 1;
            canvas.Fill(left + x, y + (row * Row), Swatch, Swatch, colour);
            canvas.Frame(left + x, y + (row * Row), Swatch, Swatch, PreviewCanvas.Line);
            canvas.Text(name, left + x + Swatch + 7, baseline, 11, PreviewCanvas.Bright);
        }
    }

    private static void DrawScale(PreviewCanvas canvas, DepthScale scale, int left, int top, int width)
    {
        for (int x = 0; x < width; x++)
        {
            Vec3b colour = scale.ColourOf(scale.Near + ((scale.Far - scale.Near) * x / (width - 1)));
            canvas.Fill(left + x, top, 1, BarHeight, new Scalar(colour.Item0, colour.Item1, colour.Item2));
        }

        int marks = (int)Math.Round((scale.Far - scale.Near) / scale.Step);
        for (int i = 0; i <= marks; i++)
        {
            double metres = scale.Near + (i * scale.Step);
            int x = left + (int)Math.Round((double)i / marks * (width - 1));
            canvas.Fill(x, top + BarHeight, 1, 5, PreviewCanvas.Dim);
            string text = metres.ToString(scale.Step < 0.1 ? "0.00" : scale.Step < 1 ? "0.0" : "0", CultureInfo.InvariantCulture) + (i == marks ? " m" : "");
            int textWidth = PreviewCanvas.TextWidth(text, 11);
            canvas.Text(text, Math.Clamp(x - (textWidth / 2), left, left + width - textWidth), top + BarHeight + 20, 11, PreviewCanvas.Bright);
        }
    }

    private static int FooterHeight(PreviewPanel panel, int width)
    {
        int height = panel.Scale is null ? 0 : ScaleHeight;
        int rows = Flow(panel, width).Select(e => e.Row + 1).DefaultIfEmpty(0).Max();
        return height + (rows * Row) + (height + rows > 0 ? Gap - (Row - Swatch) + 4 : 0);
    }

    /// <summary>Where each entry of the legend goes: rows filled from the left.</summary>
    private static IEnumerable<(int Row, int X, int Entry)> Flow(PreviewPanel panel, int width)
    {
        int x = 0, row = 0;
        for (int i = 0; i < panel.Legend.Count; i++)
        {
            int needed = Swatch + 7 + PreviewCanvas.TextWidth(panel.Legend[i].Name, 11) + 18;
            if (x > 0 && x + needed > width)
            {
                (x, row) = (0, row + 1);
            }

            yield return (row, x, i);
            x += needed;
        }
    }
}
