using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Scale;

/// <summary>
/// A thing of known height: the largest connected region of its class, if it is wholly in the picture, against how tall it is painted. Needs labels in
/// the picture.
/// </summary>
public sealed class ObjectAnchor : ScaleAnchor
{
    private const double LeastShare = 0.005;

    private readonly string _class;
    private readonly double _heightM, _std;
    private LabelPalette? _palette;
    private int _id = -1;
    private int[] _stack = [];
    private bool[] _isSeen = [];
    private float[] _depths = [];

    /// <summary>Creates it.</summary>
    /// <param name="className">Name of the class.</param>
    /// <param name="heightM">Its true height in metres, from its lowest to its highest point along the picture's columns.</param>
    /// <param name="std">The standard deviation of the height as a share of it.</param>
    /// <param name="name">Name in reports.</param>
    /// <exception cref="ConfigurationException">A number is out of its range.</exception>
    public ObjectAnchor(string className, double heightM, double std = 0.1, string name = "object")
        : base(name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(className);
        if (!(heightM is > 0.01 and < 1000))
        {
            throw new ConfigurationException(FormattableString.Invariant($"The height of '{className}' is 0.01 to 1000 m, found {heightM}."));
        }

        (_class, _heightM, _std) = (className, heightM, AnchorStd.Checked(std));
    }

    internal override AnchorMeasure Measure(in ScaleView view)
    {
        if (view.Labels.IsEmpty || !Use(view.Classes))
        {
            return AnchorMeasure.Refused(AnchorRefusal.NotSeen);
        }

        Region region = Largest(view);
        if (region.Pixels < LeastShare * view.Labels.Length || region.Depths == 0)
        {
            return AnchorMeasure.Refused(AnchorRefusal.NotSeen);
        }

        if (region.Left == 0 || region.Top == 0 || region.Right == view.Width - 1 || region.Bottom == view.Height - 1)
        {
            return AnchorMeasure.Refused(AnchorRefusal.OutsideView);
        }

        Span<float> depths = _depths.AsSpan(0, region.Depths);
        double z = Middle.Of(depths), tall = z * (view.SlopeY(region.Bottom + 0.5) - view.SlopeY(region.Top - 0.5));
        double edge = 1.0 / (region.Bottom - region.Top + 1), spread = Middle.Spread(depths) / z;
        return new AnchorMeasure(Math.Log(_heightM / tall), edge, Math.Sqrt((_std * _std) + (edge * edge) + (spread * spread / 4)));
    }

    private bool Use(LabelPalette? palette)
    {
        if (!ReferenceEquals(palette, _palette))
        {
            _palette = palette;
            int index = palette?.IndexOf(_class) ?? -1;
            _id = index < 0 ? -1 : palette![index].Id;
        }

        return _id >= 0;
    }

    /// <summary>The largest region of the class; its depths are left in <see cref="_depths"/>.</summary>
    private Region Largest(in ScaleView view)
    {
        int pixels = view.Labels.Length;
        if (_stack.Length < pixels)
        {
            (_stack, _isSeen, _depths) = (new int[pixels], new bool[pixels], new float[pixels]);
        }

        Array.Clear(_isSeen);
        int seed = -1;
        var largest = new Region();
        for (int i = 0; i < pixels; i++)
        {
            if (!_isSeen[i] && view.Labels[i] == _id && Fill(view, i, keep: false) is var region && region.Pixels > largest.Pixels)
            {
                (largest, seed) = (region, i);
            }
        }

        if (seed < 0)
        {
            return largest;
        }

        Array.Clear(_isSeen);
        return Fill(view, seed, keep: true);
    }

    private Region Fill(in ScaleView view, int seed, bool keep)
    {
        int width = view.Width, top = 0, depths = 0;
        var region = new Region { Left = int.MaxValue, Top = int.MaxValue, Right = -1, Bottom = -1 };
        _stack[top++] = seed;
        _isSeen[seed] = true;
        while (top > 0)
        {
            int i = _stack[--top], x = i % width, y = i / width;
            region = region.With(x, y);
            if (keep && view.Depth[i] > 0 && float.IsFinite(view.Depth[i]))
            {
                _depths[depths++] = view.Depth[i];
            }

            Visit(view, x > 0, i - 1, ref top);
            Visit(view, x < width - 1, i + 1, ref top);
            Visit(view, y > 0, i - width, ref top);
            Visit(view, y < view.Height - 1, i + width, ref top);
        }

        return region with { Depths = depths };
    }

    private void Visit(in ScaleView view, bool isInside, int i, ref int top)
    {
        if (isInside && !_isSeen[i] && view.Labels[i] == _id)
        {
            _isSeen[i] = true;
            _stack[top++] = i;
        }
    }

    private readonly record struct Region(int Left, int Top, int Right, int Bottom, int Pixels, int Depths)
    {
        public Region With(int x, int y) => this with
        {
            Left = Math.Min(Left, x),
            Top = Math.Min(Top, y),
            Right = Math.Max(Right, x),
            Bottom = Math.Max(Bottom, y),
            Pixels = Pixels + 1,
        };
    }
}
