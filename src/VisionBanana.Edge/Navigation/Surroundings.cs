namespace VisionBanana.Edge.Navigation;

/// <summary>What a picture tells a robot that moves. Belongs to the lease of its picture.</summary>
public sealed class Surroundings
{
    private readonly ObstacleScan _scan = new();

    private ZoneStatus[] _zones = [];
    private DetectedObject[] _objects = [];
    private int _objectCount;

    internal Surroundings()
    {
    }

    /// <summary>The nearest obstacle in each direction; null when it was not asked, or the picture has no depth.</summary>
    public ObstacleScan? Scan => HasScan ? _scan : null;

    /// <summary>How the zones stand with this picture, in the order of the options.</summary>
    public ReadOnlySpan<ZoneStatus> Zones => _zones;

    /// <summary>The robot's frame, in which zones are drawn; null while the mount is not known: then they are in the frame of the scan.</summary>
    public string? RobotFrameId { get; internal set; }

    /// <summary>True when the picture has instances and depth, so that <see cref="Objects"/> tells of it.</summary>
    public bool HasObjects { get; private set; }

    /// <summary>The objects that have an id, at most 255.</summary>
    public ReadOnlySpan<DetectedObject> Objects => _objects.AsSpan(0, _objectCount);

    internal bool HasScan { get; private set; }

    /// <summary>Where a scan is written to.</summary>
    internal ObstacleScan AddScan()
    {
        HasScan = true;
        return _scan;
    }

    /// <summary>Room for so many zones.</summary>
    internal Span<ZoneStatus> AddZones(int count)
    {
        if (_zones.Length != count)
        {
            _zones = new ZoneStatus[count];
        }

        return _zones;
    }

    internal void SetObjects(ReadOnlySpan<DetectedObject> objects)
    {
        if (_objects.Length < objects.Length)
        {
            _objects = new DetectedObject[Math.Max(16, objects.Length * 2)];
        }

        objects.CopyTo(_objects);
        (_objectCount, HasObjects) = (objects.Length, true);
    }

    internal void Clear() => (HasScan, HasObjects, _objectCount) = (false, false, 0);
}
