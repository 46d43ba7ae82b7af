using System.Runtime.InteropServices;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// Everything known about one picture under one lease: colour, paintings, percepts and points, all Height × Width
/// in the rectified pinhole camera that was painted, or in the source's own camera when percepts were resampled to it
/// (<see cref="PerceptResampler"/>). Ownership: see <see cref="Lease"/>.
/// </summary>
public sealed class PerceptionFrame : Lease
{
    private static readonly int KindCount = Enum.GetValues<PerceptKind>().Length;

    private readonly LeasePool<PerceptionFrame> _pool;
    private readonly byte[] _color;
    private readonly bool[] _hasSource;
    private readonly Percept?[] _percepts = new Percept?[KindCount];
    private readonly bool[] _present = new bool[KindCount];
    private CloudPoint[] _points = [];
    private Surroundings? _surroundings;

    internal PerceptionFrame(LeasePool<PerceptionFrame> pool, int width, int height)
    {
        _pool = pool;
        Width = width;
        Height = height;
        _color = GC.AllocateUninitializedArray<byte>(width * height * 3, pinned: true);
        _hasSource = new bool[width * height];
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>
    /// The camera of every plane here: the painted pinhole, or after resampling the source with its distortion; null when the source is not calibrated: no
    /// cloud, no metres.
    /// </summary>
    public CameraIntrinsics? Intrinsics { get; set; }

    /// <summary>What is known of the camera's place without looking, for painters that take it; null = nothing.</summary>
    public SupportPlane? Support { get; set; }

    /// <summary>Where live poses say that the camera sat on its robot when the picture was taken; null = no live poses, or none that is fresh.</summary>
    public CameraMount? Mount { get; set; }

    /// <summary>How the painted depth was scaled, and how sure that is. The painting itself is not changed.</summary>
    public ScaleEstimate Scale { get; set; } = ScaleEstimate.AsPainted;

    /// <summary>When the picture was taken; the capture time of the camera frame, untouched.</summary>
    public CaptureTime CapturedAt { get; set; }

    /// <summary>The sequence number of the camera frame.</summary>
    public long SequenceNumber { get; set; }

    /// <summary>The optical coordinate frame (REP-103).</summary>
    public string FrameId { get; set; } = "";

    /// <summary>The rectified picture the painter saw, RGB.</summary>
    public Span<Rgb24> Color => MemoryMarshal.Cast<byte, Rgb24>(ColorBytes);

    /// <summary>The rectified picture as bytes, for encoders and tensors.</summary>
    public Span<byte> ColorBytes
    {
        get
        {
            Use();
            return _color;
        }
    }

    /// <summary>False where the source camera saw nothing of this pixel: its colour is black and every percept invalid.</summary>
    public Span<bool> HasSource
    {
        get
        {
            Use();
            return _hasSource;
        }
    }

    /// <summary>The organised cloud, Height × Width; empty unless <see cref="HasPoints"/>.</summary>
    public Span<CloudPoint> Points
    {
        get
        {
            Use();
            return HasPoints ? _points : [];
        }
    }

    /// <summary>True when <see cref="Points"/> were computed for this picture.</summary>
    public bool HasPoints { get; private set; }

    /// <summary>What the picture tells a robot that moves, or null when that was not asked.</summary>
    public Surroundings? Surroundings => HasSurroundings ? _surroundings : null;

    private bool HasSurroundings { get; set; }

    /// <summary>A pool of frames of one size.</summary>
    public static LeasePool<PerceptionFrame> CreatePool(int capacity, int width, int height) =>
        new(capacity, pool => new PerceptionFrame(pool, width, height));

    /// <summary>The percept of a kind, or null when no instruction asked for it in this picture.</summary>
    public Percept? Find(PerceptKind kind)
    {
        Use();
        return _present[(int)kind] ? _percepts[(int)kind] : null;
    }

    /// <summary>Makes room for the answer to an instruction; contents are undefined until painted and decoded.</summary>
    public Percept Add(Instruction instruction)
    {
        ArgumentNullException.ThrowIfNull(instruction);
        Use();
        int slot = (int)instruction.Kind;
        if (_present[slot])
        {
            throw new InvalidOperationException($"This frame already holds {instruction.Kind}: ask for one instruction of a kind per frame.");
        }

        Percept percept = _percepts[slot] ??= new Percept(this, instruction.Kind, Width, Height);
        percept.Reset();
        percept.Instruction = instruction;
        _present[slot] = true;
        return percept;
    }

    /// <summary>Takes the answers out again: another painter answers.</summary>
    internal void ForgetPercepts()
    {
        Use();
        Array.Clear(_present);
    }

    /// <summary>Makes room for the cloud; contents are undefined until filled.</summary>
    public Span<CloudPoint> AddPoints()
    {
        Use();
        if (_points.Length == 0)
        {
            _points = GC.AllocateUninitializedArray<CloudPoint>(Width * Height, pinned: true);
        }

        HasPoints = true;
        return _points;
    }

    /// <summary>Makes room for the surroundings.</summary>
    internal Surroundings AddSurroundings()
    {
        HasSurroundings = true;
        return _surroundings ??= new Surroundings();
    }

    /// <inheritdoc/>
    protected override void OnReturned()
    {
        Array.Clear(_present);
        HasPoints = false;
        HasSurroundings = false;
        Intrinsics = null;
        Support = null;
        Mount = null;
        Scale = ScaleEstimate.AsPainted;
        _pool.Return(this);
    }
}
