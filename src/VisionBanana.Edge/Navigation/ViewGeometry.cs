using System.Numerics;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Navigation;

/// <summary>
/// What each pixel of a camera sees of the space around a robot: bearing, horizontal distance and height per metre of depth, from its undistorted
/// ray. Worked out again only when the camera or the level changes; nothing is allocated while the picture keeps its size.
/// </summary>
internal sealed class ViewGeometry(ObstacleOptions options)
{
    /// <summary>The pixel counts for no bin.</summary>
    public const ushort NoBin = ushort.MaxValue;

    /// <summary>A surface that is not known hides nothing here: the ray does not pass where obstacles are looked for.</summary>
    public const ushort HidesNothing = 0x8000;

    private const int MostBins = 7200;

    /// <summary>A robot that sways by less, 0.1° and 5 mm, sees the same.</summary>
    private const float SameCosine = 0.9999985f, SameHeightM = 0.005f;

    private float[] _bearing = [];
    private ushort[] _bins = [];
    private float[] _outward = [], _rise = [];
    private float[] _reach = [], _sorted = [];
    private RayTable? _rays;
    private bool _stale;

    /// <summary>The bin of each pixel, perhaps with <see cref="HidesNothing"/>; or <see cref="NoBin"/>.</summary>
    public ReadOnlySpan<ushort> Bins => _bins;

    /// <summary>Horizontal metres per metre of depth.</summary>
    public ReadOnlySpan<float> Outward => _outward;

    /// <summary>Metres upwards per metre of depth; 0 while the floor is not known.</summary>
    public ReadOnlySpan<float> Rise => _rise;

    /// <summary>Up to which horizontal distance a bin sees between the heights, at most the range of the scan.</summary>
    public ReadOnlySpan<float> Reach => _reach.AsSpan(0, BinCount);

    public int BinCount { get; private set; }

    /// <summary>The bearing of the first bin's middle in radians, to the left; x of <see cref="Level"/> is 0.</summary>
    public float AngleMin { get; private set; }

    public float AngleIncrement { get; private set; }

    /// <summary>The range up to which half of the bins see.</summary>
    public float RangeMaxM { get; private set; }

    public LevelFrame Level { get; private set; }

    public CameraIntrinsics? Camera => _rays?.Camera;

    public RayTable Rays => _rays!;

    /// <summary>How often the tables were worked out.</summary>
    public int Version { get; private set; }

    /// <summary>Takes the camera and the level of the next picture.</summary>
    public void Use(CameraIntrinsics camera, in LevelFrame level)
    {
        UseCamera(camera);
        if (_stale || !level.IsNear(Level, SameCosine, SameHeightM))
        {
            Level = level;
            Build();
            _stale = false;
            Version++;
        }
    }

    /// <summary>Prepares the rays of a camera.</summary>
    public void UseCamera(CameraIntrinsics camera)
    {
        if (ReferenceEquals(camera, Camera) || camera.Equals(Camera))
        {
            return;
        }

        _stale = true;
        _rays = RayTable.Create(camera);
        int pixels = camera.Width * camera.Height;
        if (_bins.Length != pixels)
        {
            (_bins, _bearing, _outward, _rise) = (new ushort[pixels], new float[pixels], new float[pixels], new float[pixels]);
        }
    }

    private void Build()
    {
        int width = Camera!.Width, height = Camera.Height;
        bool knowsFloor = !float.IsNaN(Level.HeightM);
        int top = knowsFloor ? 0 : (int)(options.TopRow * height), bottom = knowsFloor ? height : Math.Max(top + 1, (int)(options.BottomRow * height));
        (float least, float most) = (float.PositiveInfinity, float.NegativeInfinity);
        ReadOnlySpan<float> slopeX = _rays!.SlopeX, slopeY = _rays.SlopeY;
        for (int i = 0; i < _bins.Length; i++)
        {
            var ray = new Vector3(slopeX[i], slopeY[i], 1);
            float forward = Vector3.Dot(ray, Level.Forward), left = Vector3.Dot(ray, Level.Left);
            bool counts = i >= top * width && i < bottom * width && float.IsFinite(forward + left);
            _bearing[i] = counts ? MathF.Atan2(left, forward) : float.NaN;
            _outward[i] = MathF.Sqrt((forward * forward) + (left * left));
            _rise[i] = knowsFloor ? Vector3.Dot(ray, Level.Up) : 0;
            (least, most) = counts ? (Math.Min(least, _bearing[i]), Math.Max(most, _bearing[i])) : (least, most);
        }

        Divide(least, most, Spacing((top + bottom) / 2, width));
        Assign(knowsFloor);
    }

    /// <summary>The largest angle between two neighbours of a row.</summary>
    private float Spacing(int row, int width)
    {
        float most = 0;
        ReadOnlySpan<float> bearing = _bearing.AsSpan(row * width, width);
        for (int x = 1; x < width; x++)
        {
            float step = Math.Abs(bearing[x] - bearing[x - 1]);
            most = step < MathF.PI ? Math.Max(most, step) : most;
        }

        return most;
    }

    private void Divide(float least, float most, float spacing)
    {
        if (!(least <= most))
        {
            BinCount = 0;
            return;
        }

        AngleIncrement = Math.Max(float.DegreesToRadians((float)options.IncrementDegrees), spacing * 1.001f);
        BinCount = Math.Clamp((int)MathF.Ceiling((most - least) / AngleIncrement), 1, MostBins);

        // The bins stand about the middle of the view.
        AngleMin = ((least + most) / 2) - (AngleIncrement * (BinCount - 1) / 2);
        if (_reach.Length < BinCount)
        {
            (_reach, _sorted) = (new float[BinCount], new float[BinCount]);
        }
    }

    private void Assign(bool knowsFloor)
    {
        _reach.AsSpan(0, BinCount).Clear();
        float first = AngleMin - (AngleIncrement / 2), most = (float)options.MaxRangeM;
        for (int i = 0; i < _bins.Length; i++)
        {
            if (float.IsNaN(_bearing[i]))
            {
                _bins[i] = NoBin;
                continue;
            }

            int bin = Math.Clamp((int)((_bearing[i] - first) / AngleIncrement), 0, BinCount - 1);
            (float from, float to) = knowsFloor ? Passes(_rise[i] / _outward[i]) : (0, most);
            bool hides = from < most && from < to;
            _bins[i] = (ushort)(hides ? bin : bin | HidesNothing);
            _reach[bin] = hides ? Math.Max(_reach[bin], Math.Min(to, most)) : _reach[bin];
        }

        RangeMaxM = MiddleReach();
    }

    /// <summary>From which to which horizontal distance a ray is between the heights, by how much it rises per horizontal metre.</summary>
    private (float From, float To) Passes(float slope)
    {
        float low = (float)options.MinHeightM - Level.HeightM, high = (float)options.MaxHeightM - Level.HeightM;
        if (Math.Abs(slope) < 1e-6f)
        {
            return low <= 0 && high >= 0 ? (0, float.PositiveInfinity) : (float.PositiveInfinity, float.PositiveInfinity);
        }

        float a = low / slope, b = high / slope;
        return (Math.Max(Math.Min(a, b), 0), Math.Max(a, b));
    }

    /// <summary>The median of what bins reach that see anything.</summary>
    private float MiddleReach()
    {
        Span<float> sorted = _sorted.AsSpan(0, BinCount);
        Reach.CopyTo(sorted);
        sorted.Sort();
        return BinCount == 0 ? 0 : sorted[BinCount / 2];
    }
}
