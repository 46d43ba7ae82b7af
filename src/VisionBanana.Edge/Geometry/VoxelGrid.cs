namespace VisionBanana.Edge.Geometry;

/// <summary>
/// Thins a cloud to one point per cube of space: the centroid of the points in it, their mean colour and confidence, and the label of the
/// most confident of them. Cubes come in the order in which their first point stands in the cloud, so that equal clouds give equal results.
/// Once warm nothing is allocated; for one thread.
/// </summary>
public sealed class VoxelGrid
{
    /// <summary>The smallest edge of a cube, metres.</summary>
    public const double MinSizeM = 0.001;

    /// <summary>Cubes are counted in 21 bits per axis: what is farther away than a million of them has no place.</summary>
    private const int Reach = 1 << 20;

    private readonly float _perMetre;
    private int[] _table = [];
    private Voxel[] _voxels = [];

    /// <summary>Prepares a grid.</summary>
    /// <param name="sizeM">The edge of a cube in metres.</param>
    /// <exception cref="ConfigurationException">The edge is shorter than <see cref="MinSizeM"/>.</exception>
    public VoxelGrid(double sizeM)
    {
        if (!(sizeM >= MinSizeM && double.IsFinite(sizeM)))
        {
            throw new ConfigurationException(FormattableString.Invariant($"The edge of a voxel is {MinSizeM} m or more, found {sizeM}."));
        }

        SizeM = sizeM;
        _perMetre = (float)(1 / sizeM);
    }

    /// <summary>The edge of a cube in metres.</summary>
    public double SizeM { get; }

    /// <summary>
    /// Writes one point per occupied cube and returns how many; points without a position, or more than a million cubes away, are left out.
    /// </summary>
    /// <param name="points">The cloud, organised or not.</param>
    /// <param name="reduced">Room for as many points; may be the same memory.</param>
    public int Reduce(ReadOnlySpan<CloudPoint> points, Span<CloudPoint> reduced)
    {
        if (reduced.Length < points.Length)
        {
            throw new ArgumentException($"Expected room for {points.Length} points, found {reduced.Length}.", nameof(reduced));
        }

        Prepare(points.Length);
        int count = 0, last = -1;
        foreach (ref readonly CloudPoint point in points)
        {
            if (!TryKey(point, out long key))
            {
                continue;
            }

            // Neighbouring pixels mostly share their cube.
            int index = last >= 0 && _voxels[last].Key == key ? last : Find(key, ref count);
            _voxels[index].Add(point);
            last = index;
        }

        for (int i = 0; i < count; i++)
        {
            reduced[i] = _voxels[i].ToPoint();
        }

        return count;
    }

    private bool TryKey(in CloudPoint point, out long key)
    {
        float x = MathF.Floor(point.X * _perMetre), y = MathF.Floor(point.Y * _perMetre), z = MathF.Floor(point.Z * _perMetre);

        // False for NaN too.
        bool near = MathF.Abs(x) < Reach && MathF.Abs(y) < Reach && MathF.Abs(z) < Reach;
        key = near ? ((long)((int)x + Reach) << 42) | ((long)((int)y + Reach) << 21) | (uint)((int)z + Reach) : 0;
        return near;
    }

    private int Find(long key, ref int count)
    {
        int mask = _table.Length - 1;
        int at = (int)((ulong)(key * unchecked((long)0x9E3779B97F4A7C15)) >> 32) & mask;
        while (_table[at] != 0)
        {
            int index = _table[at] - 1;
            if (_voxels[index].Key == key)
            {
                return index;
            }

            at = (at + 1) & mask;
        }

        _voxels[count] = new Voxel { Key = key };
        _table[at] = ++count;
        return count - 1;
    }

    private void Prepare(int points)
    {
        if (_voxels.Length < points)
        {
            _voxels = GC.AllocateUninitializedArray<Voxel>(points);
            _table = new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)points * 2)];
        }
        else
        {
            Array.Clear(_table);
        }
    }

    private struct Voxel
    {
        public long Key;
        private double _x, _y, _z, _confidence;
        private int _count, _red, _green, _blue;
        private float _best;
        private ushort _label;

        public void Add(in CloudPoint point)
        {
            _x += point.X;
            _y += point.Y;
            _z += point.Z;
            _confidence += point.Confidence;
            _red += (int)(point.Rgb >> 16) & 0xFF;
            _green += (int)(point.Rgb >> 8) & 0xFF;
            _blue += (int)point.Rgb & 0xFF;
            if (_count == 0 || point.Confidence > _best)
            {
                (_best, _label) = (point.Confidence, point.Label);
            }

            _count++;
        }

        public readonly CloudPoint ToPoint() => new()
        {
            X = (float)(_x / _count),
            Y = (float)(_y / _count),
            Z = (float)(_z / _count),
            Rgb = (uint)((Mean(_red) << 16) | (Mean(_green) << 8) | Mean(_blue)),
            Confidence = (float)(_confidence / _count),
            Label = _label,
        };

        private readonly int Mean(int sum) => (sum + (_count / 2)) / _count;
    }
}
