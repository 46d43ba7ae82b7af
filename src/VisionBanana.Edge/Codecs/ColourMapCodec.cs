using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Codecs;

/// <summary>
/// Metric depth ⇄ RGB along any <see cref="ColourMap"/>, with the same u(d) as <see cref="DepthCodec"/>: a colour is projected on the
/// nearest edge of the map, clamped to its ends. The rainbow takes the fast path of <see cref="DepthCodec"/>.
/// Built once per map; encoding and decoding allocate nothing.
/// </summary>
public sealed class ColourMapCodec
{
    private const int EncodeSteps = 4096; // Finer than one 8-bit step of any map.
    private readonly Segment[] _segments;
    private readonly Rgb24[] _colours;

    /// <summary>Prepares a map.</summary>
    public ColourMapCodec(ColourMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        Map = map;
        int edges = map.Corners.Length - 1;
        _segments = new Segment[edges];
        for (int i = 0; i < edges; i++)
        {
            Vector3 from = ColourMap.ToVector(map.Corners[i]), way = ColourMap.ToVector(map.Corners[i + 1]) - from;
            _segments[i] = Segment.Create(from, way, i);
        }

        _colours = new Rgb24[EncodeSteps + 1];
        for (int i = 0; i <= EncodeSteps; i++)
        {
            Vector3 c = map.At(i / (float)EncodeSteps) * 255f;
            _colours[i] = new Rgb24((byte)(c.X + 0.5f), (byte)(c.Y + 0.5f), (byte)(c.Z + 0.5f));
        }
    }

    /// <summary>The map.</summary>
    public ColourMap Map { get; }

    /// <summary>Paints depths; invalid values as in <see cref="DepthCodec.Encode(ReadOnlySpan{float}, Span{Rgb24})"/>.</summary>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public void Encode(ReadOnlySpan<float> depthMetres, Span<Rgb24> painting)
    {
        PlaneLengths.Require(depthMetres.Length, painting.Length, nameof(painting));
        if (ReferenceEquals(Map, ColourMap.Rainbow))
        {
            DepthCodec.Encode(depthMetres, painting);
            return;
        }

        for (int i = 0; i < painting.Length; i++)
        {
            float q = 1f / (1f + ((depthMetres[i] > 0 ? depthMetres[i] : 0f) * 0.1f));
            painting[i] = _colours[EncodeSteps - (int)((q * q * EncodeSteps) + 0.5f)];
        }
    }

    /// <summary>
    /// Reads depths; values as in <see cref="DepthCodec.Decode(ReadOnlySpan{Rgb24}, Span{float}, Span{float})"/>, but finite depths are not stepped.
    /// </summary>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    [SkipLocalsInit]
    public void Decode(ReadOnlySpan<Rgb24> painting, Span<float> depth, Span<float> confidence)
    {
        if (ReferenceEquals(Map, ColourMap.Rainbow))
        {
            DepthCodec.Decode(painting, depth, confidence);
            return;
        }

        PlaneLengths.Require(painting.Length, depth.Length, nameof(depth));
        PlaneLengths.RequireOrEmpty(painting.Length, confidence.Length, nameof(confidence));
        Span<Rgb24> colours = stackalloc Rgb24[RgbBlock.Pixels];
        Span<byte> planes = stackalloc byte[RgbBlock.PlaneBytes];
        Span<float> blockDepth = stackalloc float[RgbBlock.Pixels], blockConfidence = stackalloc float[RgbBlock.Pixels];
        for (int i = 0; i < painting.Length; i += RgbBlock.Pixels)
        {
            int count = Math.Min(RgbBlock.Pixels, painting.Length - i);
            colours.Clear();
            painting.Slice(i, count).CopyTo(colours);
            RgbBlock.Split(in colours[0], ref planes[0]);
            DecodeBlock(planes, blockDepth, blockConfidence);
            blockDepth[..count].CopyTo(depth[i..]);
            if (!confidence.IsEmpty)
            {
                blockConfidence[..count].CopyTo(confidence[i..]);
            }
        }
    }

    /// <summary>The depth of one colour and how far to trust it; what the vector path is tested against.</summary>
    public float Decode(Rgb24 colour, out float confidence)
    {
        float nearest = float.MaxValue, along = 0;
        foreach (ref readonly Segment s in _segments.AsSpan())
        {
            float r = colour.R - s.FromX, g = colour.G - s.FromY, b = colour.B - s.FromZ;
            float t = Math.Min(Math.Max((r * s.DualX) + (g * s.DualY) + (b * s.DualZ), 0f), 1f);
            float dr = r - (t * s.WayX), dg = g - (t * s.WayY), db = b - (t * s.WayZ);
            float squared = (dr * dr) + (dg * dg) + (db * db);
            if (squared < nearest)
            {
                (nearest, along) = (squared, t + s.Index);
            }
        }

        confidence = PaintingResidual.ConfidenceOfSquared(nearest);
        return 10f * (MathF.Sqrt(_segments.Length / (_segments.Length - along)) - 1f);
    }

    private void DecodeBlock(ReadOnlySpan<byte> planes, Span<float> depth, Span<float> confidence)
    {
        ref readonly byte plane = ref MemoryMarshal.GetReference(planes);
        Span<float> rgb = stackalloc float[RgbBlock.PlaneBytes];
        PlaneLanes.ToSingle(in plane, RgbBlock.PlaneBytes, ref rgb[0]);
        for (int i = 0; i < RgbBlock.Pixels; i += Vector<float>.Count)
        {
            var red = new Vector<float>(rgb[i..]);
            var green = new Vector<float>(rgb[(i + RgbBlock.Pixels)..]);
            var blue = new Vector<float>(rgb[(i + (2 * RgbBlock.Pixels))..]);
            var nearest = new Vector<float>(float.MaxValue);
            Vector<float> along = Vector<float>.Zero;
            foreach (ref readonly Segment s in _segments.AsSpan())
            {
                Vector<float> r = red - new Vector<float>(s.FromX), g = green - new Vector<float>(s.FromY), b = blue - new Vector<float>(s.FromZ);
                Vector<float> t = (r * s.DualX) + (g * s.DualY) + (b * s.DualZ);
                t = Vector.Min(Vector.Max(t, Vector<float>.Zero), Vector<float>.One);
                Vector<float> dr = r - (t * s.WayX), dg = g - (t * s.WayY), db = b - (t * s.WayZ);
                Vector<float> squared = (dr * dr) + (dg * dg) + (db * db);
                Vector<int> closer = Vector.LessThan(squared, nearest);
                nearest = Vector.ConditionalSelect(closer, squared, nearest);
                along = Vector.ConditionalSelect(closer, t + new Vector<float>(s.Index), along);
            }

            var edges = new Vector<float>(_segments.Length);
            Vector<float> metres = new Vector<float>(10f) * (Vector.SquareRoot(edges / (edges - along)) - Vector<float>.One);
            metres.CopyTo(depth[i..]);
            PaintingResidual.ConfidenceOfSquared(nearest).CopyTo(confidence[i..]);
        }
    }

    // Plain numbers, so that each is one broadcast from memory.
    private readonly record struct Segment(
        float FromX, float FromY, float FromZ, float WayX, float WayY, float WayZ, float DualX, float DualY, float DualZ, float Index)
    {
        public static Segment Create(Vector3 from, Vector3 way, int index)
        {
            Vector3 dual = way / way.LengthSquared();
            return new Segment(from.X, from.Y, from.Z, way.X, way.Y, way.Z, dual.X, dual.Y, dual.Z, index);
        }
    }
}
