using System.Numerics;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Codecs;

/// <summary>
/// Reads the objects of one class from a painting in which the painter chose their colours (arXiv 2604.20329, appendix A):
/// <list type="number">
/// <item>background where ‖C − C_bg‖² &lt; τ², τ = 14;</item>
/// <item>regions grow from seeds in raster order; a pixel joins when ‖C − C_seed‖² ≤ τ², over its 8 neighbours and 8 knight's moves;</item>
/// <item>regions smaller than 2·10⁻⁴ of the picture are dropped;</item>
/// <item>regions that keep less than 0.1 of their area under a 3×3 erosion are dropped (thin halos); the picture's border does not erode;</item>
/// <item>regions whose mean colours are within τ and whose joint bounding box is at most 5 × the sum of both are one object seen in parts.</item>
/// </list>
/// Dropped pixels are undecided (<see cref="LabelPlane.Unknown"/>, confidence 0). Confidence elsewhere comes from the distance to the
/// object's mean colour, or the background colour (<see cref="PaintingResidual"/>).
/// <para>Owns scratch buffers that grow to the largest picture seen; nothing is allocated after that. Not thread-safe.</para>
/// </summary>
public sealed class InstanceCodec
{
    /// <summary>Colours within this distance (8-bit units) are the same object's: τ of the paper.</summary>
    public const int ColourTolerance = 14;

    /// <summary>Smaller regions, as a fraction of the picture, are dropped.</summary>
    public const double MinAreaFraction = 2e-4;

    /// <summary>Regions that keep a smaller fraction of their area under a 3×3 erosion are dropped.</summary>
    public const double MinErodedFraction = 0.1;

    /// <summary>Two regions join only if their joint bounding box is at most this many times the sum of both.</summary>
    public const int MaxJointBoxRatio = 5;

    private const int Tolerance2 = ColourTolerance * ColourTolerance;
    private readonly RegionGrower _grower = new();
    private int[] _survivors = [];
    private ushort[] _idOfRegion = [];

    /// <summary>Reads a painting.</summary>
    /// <param name="painting">Height × Width pixels, at the size it was painted.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="background">The colour that the instruction gave to the background.</param>
    /// <param name="labels">Receives 0 for background, 1, 2, … for objects in the order of their first pixels, <see cref="LabelPlane.Unknown"/> for dropped
    /// pixels.</param>
    /// <param name="confidence">0–1; may be empty when not wanted.</param>
    /// <returns>How many objects there are.</returns>
    /// <exception cref="ArgumentException">The spans do not fit the size.</exception>
    public int Decode(ReadOnlySpan<Rgb24> painting, int width, int height, Rgb24 background, Span<ushort> labels, Span<float> confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        PlaneLengths.Require(width * height, painting.Length, nameof(painting));
        PlaneLengths.Require(painting.Length, labels.Length, nameof(labels));
        PlaneLengths.RequireOrEmpty(painting.Length, confidence.Length, nameof(confidence));

        Span<Region> regions = _grower.Grow(painting, width, height, background, Tolerance2);
        int count = Select(regions, painting.Length);
        InstanceMerger.Merge(regions, _survivors.AsSpan(0, count), Tolerance2, MaxJointBoxRatio);
        int objects = Number(regions, _survivors.AsSpan(0, count));
        Write(painting, width, height, background, regions, labels, confidence);
        return objects;
    }

    /// <summary>
    /// A colour for object <paramref name="id"/> (from 1) that is well apart from the background and from its neighbours in number;
    /// 0 is the background itself. For painting instances that are already known.
    /// </summary>
    public static Rgb24 ColourOf(int id, Rgb24 background)
    {
        if (id == 0)
        {
            return background;
        }

        // The golden ratio spreads hues evenly however many are needed; brightness tells the later ones apart.
        for (int attempt = 0; ; attempt++)
        {
            double hue = ((id * 0.6180339887498949) + (attempt * 0.13)) % 1 * 6;
            double value = 1 - (0.22 * ((id / 8) % 3));
            Rgb24 colour = new(Channel(hue, 5, value), Channel(hue, 3, value), Channel(hue, 1, value));
            if (Rgb24.SquaredDistance(colour, background) >= 16 * Tolerance2)
            {
                return colour;
            }
        }

        static byte Channel(double hue, int offset, double value)
        {
            double k = (offset + hue) % 6;
            return (byte)(255 * value * (1 - (0.85 * Math.Max(0, Math.Min(1, Math.Min(k, 4 - k))))));
        }
    }

    /// <summary>Paints objects that are already known, each in <see cref="ColourOf"/>; undecided pixels become black, or white on a dark background.</summary>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static void Encode(ReadOnlySpan<ushort> labels, Rgb24 background, Span<Rgb24> painting)
    {
        PlaneLengths.Require(labels.Length, painting.Length, nameof(painting));
        Rgb24 undecided = Rgb24.SquaredDistance(background, default) < 16 * Tolerance2 ? new Rgb24(255, 255, 255) : default;
        (int Label, Rgb24 Colour) last = (0, background);
        for (int i = 0; i < labels.Length; i++)
        {
            // Neighbours mostly share their label: the colour is worked out once per run.
            if (labels[i] != last.Label)
            {
                last = (labels[i], labels[i] == LabelPlane.Unknown ? undecided : ColourOf(labels[i], background));
            }

            painting[i] = last.Colour;
        }
    }

    private int Select(Span<Region> regions, int pixels)
    {
        if (_idOfRegion.Length < regions.Length)
        {
            _survivors = new int[regions.Length * 2];
            _idOfRegion = new ushort[regions.Length * 2];
        }

        int count = 0;
        for (int i = 0; i < regions.Length; i++)
        {
            ref Region r = ref regions[i];
            if (r.Area >= MinAreaFraction * pixels && r.ErodedArea >= MinErodedFraction * r.Area)
            {
                _survivors[count++] = i;
            }
        }

        return count;
    }

    private int Number(Span<Region> regions, ReadOnlySpan<int> survivors)
    {
        // A region points at the earlier one it was merged into, so one pass in raster order numbers them all.
        Span<ushort> ids = _idOfRegion.AsSpan(0, regions.Length);
        ids.Fill(LabelPlane.Unknown);
        int objects = 0;
        foreach (int i in survivors)
        {
            int root = regions[i].MergedInto;
            ids[i] = root == i ? (ushort)Math.Min(++objects, LabelPlane.Unknown - 1) : ids[root];
        }

        return objects;
    }

    private void Write(
        ReadOnlySpan<Rgb24> painting, int width, int height, Rgb24 background, Span<Region> regions, Span<ushort> labels, Span<float> confidence)
    {
        var backgroundColour = new Vector3(background.R, background.G, background.B);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<int> row = _grower.Row(y, width);
            for (int x = 0; x < width; x++)
            {
                int i = (y * width) + x, region = row[x];
                ushort label = region < 0 ? (ushort)0 : _idOfRegion[region];
                labels[i] = label;
                if (!confidence.IsEmpty)
                {
                    Vector3 mean = region < 0 ? backgroundColour : regions[regions[region].MergedInto].MeanColour;
                    Rgb24 c = painting[i];
                    confidence[i] = label == LabelPlane.Unknown
                        ? 0
                        : PaintingResidual.ConfidenceOfSquared((new Vector3(c.R, c.G, c.B) - mean).LengthSquared());
                }
            }
        }
    }
}
