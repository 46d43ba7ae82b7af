using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Codecs;

/// <summary>
/// Seeded flood fill over 8 neighbours and 8 knight's moves. Works on a copy of the picture with a frame of two pixels around it,
/// so that no neighbour needs a bounds check of its own.
/// </summary>
internal sealed class RegionGrower
{
    public const int Background = -1;
    private const int Free = -2;
    private const int Outside = -3;
    private const int Frame = 2;

    private readonly int[] _moves = new int[16];
    private int[] _map = [];
    private Rgb24[] _colours = [];
    private int[] _stack = [];
    private Region[] _regions = new Region[64];
    private int _stride;

    /// <summary>Finds the regions in raster order of their seeds and measures them.</summary>
    public Span<Region> Grow(ReadOnlySpan<Rgb24> painting, int width, int height, Rgb24 background, int tolerance2)
    {
        Prepare(painting, width, height, background, tolerance2);
        int count = 0;
        for (int y = 0; y < height; y++)
        {
            int row = RowStart(y);
            for (int at = row; at < row + width; at++)
            {
                if (_map[at] == Free)
                {
                    Fill(at, count++, tolerance2);
                }
            }
        }

        if (_regions.Length < count)
        {
            _regions = new Region[Math.Max(count, _regions.Length * 2)];
        }

        Span<Region> regions = _regions.AsSpan(0, count);
        Measure(regions, width, height);
        return regions;
    }

    /// <summary>The region of each pixel of a row; negative = background.</summary>
    public ReadOnlySpan<int> Row(int y, int width) => _map.AsSpan(RowStart(y), width);

    private int RowStart(int y) => ((y + Frame) * _stride) + Frame;

    private void Prepare(ReadOnlySpan<Rgb24> painting, int width, int height, Rgb24 background, int tolerance2)
    {
        _stride = width + (2 * Frame);
        int size = _stride * (height + (2 * Frame));
        if (_map.Length < size)
        {
            _map = new int[size];
            _colours = new Rgb24[size];
            _stack = new int[size];
        }

        int s = _stride;
        ((ReadOnlySpan<int>)[-1, 1, -s, s, -s - 1, -s + 1, s - 1, s + 1, -s - 2, -s + 2, s - 2, s + 2, (-2 * s) - 1, (-2 * s) + 1, (2 * s) - 1, (2 * s) + 1])
            .CopyTo(_moves);
        _map.AsSpan(0, size).Fill(Outside);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<Rgb24> source = painting.Slice(y * width, width);
            source.CopyTo(_colours.AsSpan(RowStart(y)));
            Span<int> row = _map.AsSpan(RowStart(y), width);
            for (int x = 0; x < row.Length; x++)
            {
                row[x] = Rgb24.SquaredDistance(source[x], background) < tolerance2 ? Background : Free;
            }
        }
    }

    private void Fill(int seed, int region, int tolerance2)
    {
        int[] map = _map, stack = _stack;
        Rgb24[] colours = _colours;
        ReadOnlySpan<int> moves = _moves;
        Rgb24 seedColour = colours[seed];
        int waiting = 0;
        stack[waiting++] = seed;
        map[seed] = region;
        while (waiting > 0)
        {
            int at = stack[--waiting];
            foreach (int move in moves)
            {
                int next = at + move;
                if (map[next] == Free && Rgb24.SquaredDistance(colours[next], seedColour) <= tolerance2)
                {
                    map[next] = region;
                    stack[waiting++] = next;
                }
            }
        }
    }

    private void Measure(Span<Region> regions, int width, int height)
    {
        regions.Fill(new Region { Left = int.MaxValue, Top = int.MaxValue, Right = -1, Bottom = -1 });
        int[] map = _map;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0, at = RowStart(y); x < width; x++, at++)
            {
                int id = map[at];
                if (id < 0)
                {
                    continue;
                }

                ref Region r = ref regions[id];
                Rgb24 c = _colours[at];
                r.Area++;
                r.Red += c.R;
                r.Green += c.G;
                r.Blue += c.B;
                r.Left = Math.Min(r.Left, x);
                r.Right = Math.Max(r.Right, x);
                r.Top = Math.Min(r.Top, y);
                r.Bottom = y;
                r.ErodedArea += IsInside(map, at, id) ? 1 : 0;
            }
        }
    }

    private bool IsInside(int[] map, int at, int id)
    {
        // The first eight moves are the 3×3 neighbours.
        for (int k = 0; k < 8; k++)
        {
            int neighbour = map[at + _moves[k]];
            if (neighbour != id && neighbour != Outside)
            {
                return false;
            }
        }

        return true;
    }
}
