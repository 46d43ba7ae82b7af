using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Navigation;

/// <summary>Works out the surroundings of each picture, in order. Not thread-safe: one per pipeline; nothing is allocated once warm.</summary>
internal sealed class Navigator
{
    private const double LeastSeen = 0.02;

    private readonly NavigationOptions _options;
    private readonly ViewGeometry _view;
    private readonly ScanBuilder _scans;
    private readonly FloorFinder _floor;
    private readonly ZoneJudge? _zones;
    private readonly ObjectFinder? _objects;
    private readonly Tracker? _tracker;
    private CameraMount? _mount;
    private LevelFrame? _mountLevel, _supportLevel;
    private SupportPlane? _support;

    /// <exception cref="ConfigurationException">The options contradict themselves; all problems are told at once.</exception>
    public Navigator(NavigationOptions options)
    {
        Refuse(options.Problems());
        _options = options;
        _view = new ViewGeometry(options.Obstacles);
        _scans = new ScanBuilder(options.Obstacles);
        _floor = new FloorFinder((float)options.Obstacles.MinConfidence);
        _zones = options.Zones.IsEmpty ? null : new ZoneJudge(options.Zones, options.Obstacles);
        if (options.Detections is { } detections)
        {
            (_objects, _tracker) = (new ObjectFinder(detections), new Tracker(detections));
        }
    }

    /// <summary>Checks what can be checked once the camera of the pictures is known.</summary>
    /// <exception cref="ConfigurationException">A zone lies outside the view.</exception>
    public void Check(CameraIntrinsics camera) => Refuse(ProblemsWith(camera));

    /// <summary>What is wrong once the camera of the pictures is known, one sentence each.</summary>
    public IReadOnlyList<string> ProblemsWith(CameraIntrinsics camera)
    {
        if (_zones is null || LevelOf(_options.Mount) is not { } level)
        {
            return [];
        }

        _view.Use(camera, level);
        var problems = new List<string>();
        for (int i = 0; i < _options.Zones.Length; i++)
        {
            float seen = _zones.SeenOf(i, _view, _options.Mount);
            if (!(seen >= LeastSeen))
            {
                problems.Add(
                    $"The zone {_options.Zones[i].Name} lies outside the view: the camera sees {seen:P0} of it. "
                    + "Expected a zone in front of the camera, in metres of the robot's frame (x forward, y left); see also camera.mount.");
            }
        }

        return problems;
    }

    /// <summary>Fills what is told of a picture.</summary>
    public void Update(in NavigationInput picture, Surroundings result)
    {
        result.Clear();
        result.RobotFrameId = picture.Mount?.ParentFrame;
        if (picture.IsDepthWithheld)
        {
            _zones?.Lose("the scale of the depth is not sure enough (scale.min_scale_confidence)", picture.MonotonicNs, picture.UtcNs);
        }
        else if (picture.Depth.IsEmpty)
        {
            _zones?.Pass(picture.MonotonicNs, picture.UtcNs);
        }
        else
        {
            _view.UseCamera(picture.Camera);
            _view.Use(picture.Camera, Level(picture));
            _scans.Build(picture, _view, result.AddScan());
            if (picture.Mount is null && _options.Mount is not null)
            {
                _zones?.Lose("where the camera sits on the robot is not known: its live mount fell silent", picture.MonotonicNs, picture.UtcNs);
            }
            else
            {
                _zones?.Judge(picture, _view);
            }

            if (_objects is not null && !picture.Instances.IsEmpty)
            {
                Span<DetectedObject> found = _objects.Find(picture, _view.Rays);
                result.SetObjects(found[.._tracker!.Follow(found, picture.MonotonicNs)]);
            }
        }

        if (_zones is not null)
        {
            Span<ZoneStatus> zones = result.AddZones(_zones.Watches.Length);
            for (int i = 0; i < zones.Length; i++)
            {
                zones[i] = _zones.Watches[i].Status;
            }
        }
    }

    private static void Refuse(IEnumerable<string> problems)
    {
        string text = string.Join(Environment.NewLine, problems);
        if (text.Length > 0)
        {
            throw new ConfigurationException(text);
        }
    }

    private LevelFrame Level(in NavigationInput picture)
    {
        FloorSource source = _options.Obstacles.Floor;
        LevelFrame? level = picture.Support is { HeightM: not null } support && source is FloorSource.Auto or FloorSource.Mount ? LevelOf(support)
            : picture.Mount is not null && source is FloorSource.Auto or FloorSource.Mount ? LevelOf(picture.Mount)
            : source == FloorSource.Rows ? null
            : _floor.Find(picture, _view.Rays, LevelOf(picture.Mount));
        return level ?? LevelFrame.OfLevelCamera;
    }

    private LevelFrame? LevelOf(SupportPlane support)
    {
        if (!ReferenceEquals(support, _support))
        {
            (_support, _supportLevel) = (support, LevelFrame.Of(support));
        }

        return _supportLevel;
    }

    private LevelFrame? LevelOf(CameraMount? mount)
    {
        if (!ReferenceEquals(mount, _mount))
        {
            (_mount, _mountLevel) = (mount, mount is null ? null : LevelFrame.Of(mount));
        }

        return _mountLevel;
    }
}
