using System.Globalization;
using OpenCvSharp;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>Paints the panels of a preview at a common size. Percepts are enlarged without blending, so that edges stay where they are.</summary>
internal sealed class PanelPainter : IDisposable
{
    private const double OverlayOpacity = 0.62;
    private static readonly Vec3b Nothing = new(52, 44, 40), Hatch = new(70, 60, 56), Edge = new(245, 245, 245);

    private readonly PerceptionFrame _frame;
    private readonly int _width, _height;
    private readonly Mat _colour;

    public PanelPainter(PerceptionFrame frame, int width, int height)
    {
        (_frame, _width, _height) = (frame, width, height);
        using var small = new Mat(frame.Height, frame.Width, MatType.CV_8UC3);
        ChannelOrder.Swap(frame.ColorBytes, small.AsSpan<byte>());
        _colour = new Mat();
        Cv2.Resize(small, _colour, new Size(width, height), 0, 0, width > frame.Width ? InterpolationFlags.Cubic : InterpolationFlags.Area);
    }

    public void Dispose() => _colour.Dispose();

    public PreviewPanel Colour()
    {
        Mat picture = _colour.Clone();
        Each(picture, (x, y, i, old) => _frame.HasSource[i] ? old : Hatched(x, y));
        string note = _frame.Intrinsics is { } camera
            ? camera.HorizontalFovDegrees.ToString("0.0", CultureInfo.InvariantCulture) + " deg wide"
            : "not calibrated";
        return new PreviewPanel("picture", note, picture);
    }

    /// <summary>The panel of a percept.</summary>
    public PreviewPanel Paint(Percept percept) => percept.Plane switch
    {
        PerceptPlane.Depth => Depth(percept),
        PerceptPlane.Normals => Normals(percept),
        PerceptPlane.Labels => Labels(percept),
        _ => throw new NotSupportedException($"Nothing paints the plane {percept.Plane}."),
    };

    private PreviewPanel Depth(Percept percept)
    {
        DepthScale? scale = DepthScale.Of(percept.Depth);
        Mat picture = New();
        Each(picture, (x, y, i, _) => percept.Depth[i] switch
        {
            var d when scale is not null && float.IsFinite(d) => scale.ColourOf(d),
            float.PositiveInfinity => Edge,
            _ => Hatched(x, y),
        });
        bool gaps = false, far = false;
        foreach (float d in percept.Depth)
        {
            gaps |= float.IsNaN(d) || d == float.NegativeInfinity;
            far |= float.IsPositiveInfinity(d);
        }

        var legend = new List<(Scalar, string)>();
        if (far)
        {
            legend.Add((ToScalar(Edge), "too far"));
        }

        if (gaps)
        {
            legend.Add((ToScalar(Hatch), "no measurement"));
        }

        string note = scale is null ? "none" : string.Create(CultureInfo.InvariantCulture, $"median {scale.Median:0.00} m");
        return new PreviewPanel(Word(percept), note, picture) { Scale = scale, Legend = legend };
    }

    private PreviewPanel Labels(Percept percept)
    {
        var counts = new Dictionary<ushort, int>();
        foreach (ushort label in percept.Labels)
        {
            counts[label] = counts.GetValueOrDefault(label) + 1;
        }

        var names = counts.Keys.ToDictionary(id => id, id => Name(percept.Instruction, id));
        Mat picture = New();
        using Mat grey = _colour.CvtColor(ColorConversionCodes.BGR2GRAY);
        Each(picture, (x, y, i, _) =>
        {
            ushort label = percept.Labels[i];
            if (label == LabelPlane.Unknown || !_frame.HasSource[i])
            {
                return Hatched(x, y);
            }

            // A border where the pixel to the right or below belongs to something else.
            if ((x + 1 < _width && percept.Labels[Index(x + 1, y)] != label) || (y + 1 < _height && percept.Labels[Index(x, y + 1)] != label))
            {
                return Edge;
            }

            double light = 25 + (grey.At<byte>(y, x) * 0.9);
            Vec3b colour = names[label].Colour;
            return new Vec3b(Over(light, colour.Item0), Over(light, colour.Item1), Over(light, colour.Item2));
        });
        var legend = new List<(Scalar, string)>();
        foreach ((ushort id, int count) in counts.OrderByDescending(c => c.Value))
        {
            string share = (100.0 * count / percept.Labels.Length).ToString("0.#", CultureInfo.InvariantCulture);
            legend.Add((id == LabelPlane.Unknown ? ToScalar(Hatch) : ToScalar(names[id].Colour), $"{names[id].Name} {share}%"));
        }

        int things = counts.Keys.Count(id => id != LabelPlane.Unknown && !IsBackground(percept.Instruction, id));
        return new PreviewPanel(Word(percept), percept.Instruction.Tally(things), picture) { Legend = legend };
    }

    private PreviewPanel Normals(Percept percept)
    {
        Mat picture = New();
        var painted = new Rgb24[percept.Normals.Length / 3];
        NormalCodec.Encode(percept.Normals, painted);
        Each(picture, (x, y, i, _) => float.IsNaN(percept.Normals[i * 3]) ? Hatched(x, y) : new Vec3b(painted[i].B, painted[i].G, painted[i].R));
        return new PreviewPanel(Word(percept), "", picture)
        {
            Legend = [(new Scalar(255, 128, 128), "towards the camera"), (new Scalar(128, 128, 255), "left"), (new Scalar(128, 255, 128), "up")],
        };
    }

    private static string Word(Percept percept) => InstructionForms.Of(percept.Kind).Word;

    private static (string Name, Vec3b Colour) Name(Instruction instruction, ushort id) =>
        id == LabelPlane.Unknown ? ("undecided", Hatch)
        : IsBackground(instruction, id) ? (instruction.NameOf(id), Nothing)
        : (instruction.NameOf(id), instruction.ColourOf(id) is { } colour ? new Vec3b(colour.B, colour.G, colour.R) : Spread(id));

    private static bool IsBackground(Instruction instruction, ushort id) => id == 0 && instruction.BackgroundName is not null;

    /// <summary>Hues a golden angle apart: neighbouring ids never look alike.</summary>
    private static Vec3b Spread(int id)
    {
        double hue = id * 0.618033988749895 % 1 * 6;
        byte Channel(double offset)
        {
            double k = (offset + hue) % 6;
            return (byte)Math.Round(245 * (1 - (0.75 * Math.Max(0, Math.Min(Math.Min(k, 4 - k), 1)))));
        }

        return new Vec3b(Channel(1), Channel(3), Channel(5));
    }

    private static byte Over(double light, byte colour) => (byte)Math.Min((light * (1 - OverlayOpacity)) + (colour * OverlayOpacity), 255);

    private static Scalar ToScalar(Vec3b colour) => new(colour.Item0, colour.Item1, colour.Item2);

    private static Vec3b Hatched(int x, int y) => (x + y) % 12 < 3 ? Hatch : Nothing;

    private Mat New() => new(_height, _width, MatType.CV_8UC3);

    private int Index(int x, int y) => (y * _frame.Height / _height * _frame.Width) + (x * _frame.Width / _width);

    /// <summary>Sets every panel pixel from its place, the index of the frame's pixel below it, and what was there.</summary>
    private void Each(Mat picture, Func<int, int, int, Vec3b, Vec3b> colour)
    {
        Span<Vec3b> pixels = picture.AsSpan<Vec3b>();
        for (int y = 0, at = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++, at++)
            {
                pixels[at] = colour(x, y, Index(x, y), pixels[at]);
            }
        }
    }
}
