using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Scale;

/// <summary>
/// Where a camera is while its robot moves: takes poses, an accelerometer and a height as they come, from code or from the wire, and says what was known
/// when a picture was taken. Safe for several threads; asking allocates nothing.
/// </summary>
public sealed class MountFeed : IObserver<CameraMount>
{
    private const double Gravity = 9.81, MostHeightM = 10_000;

    private readonly MountFeedOptions _options;
    private readonly TimeProvider _clock;
    private readonly ReadingLog<SupportPlane> _planes;
    private readonly ReadingLog<CameraMount> _poses;
    private readonly ReadingLog<(double X, double Y, double Z)> _felt;
    private readonly ReadingLog<double> _heights;
    private readonly Lock _gate = new();
    private (double X, double Y, double Z)? _up;
    private long _upNs, _heightNs;
    private double? _height;
    private volatile bool _hasPoses;

    /// <summary>Creates it.</summary>
    /// <param name="options">How it understands what it is told.</param>
    /// <param name="clock">The clock that stamps are held against.</param>
    /// <exception cref="ConfigurationException">The options cannot work.</exception>
    public MountFeed(MountFeedOptions? options = null, TimeProvider? clock = null)
    {
        _options = options ?? new MountFeedOptions();
        _clock = clock ?? TimeProvider.System;
        if (!(_options.GravityTolerance is > 0 and <= 5) || _options.MaxAge <= TimeSpan.Zero || _options.LowPass < TimeSpan.Zero)
        {
            throw new ConfigurationException(
                "A live mount expects a tolerance of gravity above 0 and at most 5 m/s², an age above 0 and a low-pass of 0 or more.");
        }

        if (_options.Mount is { HeightM: < 0 } below)
        {
            throw new ConfigurationException(FormattableString.Invariant(
                $"The camera is mounted {-below.HeightM:0.###} m below the floor: check position_m and floor_z_m."));
        }

        _planes = new ReadingLog<SupportPlane>(_clock, TimeSpan.Zero);
        _poses = new ReadingLog<CameraMount>(_clock, TimeSpan.Zero);
        _felt = new ReadingLog<(double, double, double)>(_clock, TimeSpan.FromSeconds(5));
        _heights = new ReadingLog<double>(_clock, TimeSpan.Zero);
    }

    /// <summary>How what it was told fared.</summary>
    public AnchorCounts Counts { get; } = new();

    /// <summary>True once poses came that are where the camera sits on its robot: then nothing else says where, and their silence means unknown.</summary>
    internal bool HasPoses => _hasPoses;

    /// <summary>
    /// Notes a pose of the camera in a frame whose z points up. One that is not above the floor is invalid. In the frame that the camera is mounted on, or
    /// where no mount is known, it is also where the camera sits on its robot: zones and <c>tf_static</c> follow it.
    /// </summary>
    /// <param name="mount">The pose.</param>
    /// <param name="stampNs">When it held, nanoseconds since the Unix epoch; 0 = now.</param>
    public AnchorRefusal Push(CameraMount mount, long stampNs = 0)
    {
        ArgumentNullException.ThrowIfNull(mount);
        if (mount.HeightM is not (> 0 and < MostHeightM))
        {
            return Count(AnchorRefusal.Invalid);
        }

        stampNs = stampNs == 0 ? Now() : stampNs;
        AnchorRefusal refusal = Note(SupportPlane.Of(mount), stampNs);
        if (refusal == AnchorRefusal.None && (_options.Mount is null || _options.Mount.ParentFrame == mount.ParentFrame))
        {
            _poses.Add(mount.Turned(_options.QuarterTurns), isValid: true, stampNs);
            _hasPoses = true;
        }

        return Count(refusal);
    }

    /// <summary>Notes what an accelerometer feels: at rest 9.81 m/s² upwards (REP-145).</summary>
    /// <param name="x">Along x of its frame, m/s².</param>
    /// <param name="y">Along y.</param>
    /// <param name="z">Along z.</param>
    /// <param name="stampNs">When, nanoseconds since the Unix epoch; 0 = now.</param>
    public AnchorRefusal PushAcceleration(double x, double y, double z, long stampNs = 0)
    {
        stampNs = stampNs == 0 ? Now() : stampNs;
        double length = Math.Sqrt((x * x) + (y * y) + (z * z));
        AnchorRefusal refusal = _felt.Add((x, y, z), double.IsFinite(length), stampNs);
        refusal = refusal == AnchorRefusal.None && !(Math.Abs(length - Gravity) <= _options.GravityTolerance) ? AnchorRefusal.Shaken : refusal;
        return Count(refusal == AnchorRefusal.None ? Turn(_options.ImuRotation.Rotate(x / length, y / length, z / length), stampNs) : refusal);
    }

    /// <summary>Notes the height of the camera above the ground, e.g. of an altimeter; it counts together with gravity.</summary>
    /// <param name="metres">Straight down, above 0.</param>
    /// <param name="stampNs">When, nanoseconds since the Unix epoch; 0 = now.</param>
    public AnchorRefusal PushHeight(double metres, long stampNs = 0)
    {
        stampNs = stampNs == 0 ? Now() : stampNs;
        AnchorRefusal refusal = _heights.Add(metres, metres is > 0 and < MostHeightM, stampNs);
        lock (_gate)
        {
            if (refusal != AnchorRefusal.None)
            {
                return Count(refusal);
            }

            (_height, _heightNs) = (metres, stampNs);
            bool hasUp = _up is not null && IsFresh(_upNs, stampNs);
            (double X, double Y, double Z)? up = hasUp ? _up : _options.Mount is { } mount && _up is null ? Inverse(mount.Rotation).Rotate(0, 0, 1) : null;
            if (up is { } known)
            {
                Note(new SupportPlane(known.X, known.Y, known.Z, metres), stampNs);
            }

            return Count(AnchorRefusal.None);
        }
    }

    /// <summary>What was known when a picture was taken; null = nothing.</summary>
    /// <param name="stampNs">When, nanoseconds since the Unix epoch.</param>
    public SupportPlane? At(long stampNs) =>
        _planes.TryFind(stampNs, _options.MaxAge, out SupportPlane plane) == AnchorRefusal.None ? plane : null;

    /// <summary>Where poses say the camera sat on its robot when a picture was taken; null = not known.</summary>
    internal CameraMount? MountAt(long stampNs) =>
        _hasPoses && _poses.TryFind(stampNs, _options.MaxAge, out CameraMount mount) == AnchorRefusal.None ? mount : null;

    /// <inheritdoc/>
    public void OnNext(CameraMount value) => Push(value);

    /// <summary>What is known expires.</summary>
    public void OnCompleted()
    {
    }

    /// <summary>What is known expires.</summary>
    public void OnError(Exception error)
    {
    }

    internal void Refuse(AnchorRefusal refusal) => Counts.Add(refusal);

    private static UnitQuaternion Inverse(UnitQuaternion q) => new(-q.X, -q.Y, -q.Z, q.W);

    private AnchorRefusal Count(AnchorRefusal refusal)
    {
        Counts.Add(refusal);
        return refusal;
    }

    private AnchorRefusal Note(SupportPlane plane, long stampNs) => _planes.Add(plane.Turned(_options.QuarterTurns), isValid: true, stampNs);

    private long Now() => (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    private bool IsFresh(long ns, long nowNs) => Math.Abs((double)nowNs - ns) <= _options.MaxAge.TotalNanoseconds;

    /// <summary>Low-passes up, given in the mount's parent or, without a mount, in the optical frame.</summary>
    private AnchorRefusal Turn((double X, double Y, double Z) up, long stampNs)
    {
        lock (_gate)
        {
            CameraMount? mount = _options.Mount;
            (double X, double Y, double Z) seen = mount is null ? up : Inverse(mount.Rotation).Rotate(up.X, up.Y, up.Z);
            if (_up is { } before && IsFresh(_upNs, stampNs))
            {
                double seconds = (stampNs - _upNs) / 1e9;
                double weight = _options.LowPass == TimeSpan.Zero ? 1 : 1 - Math.Exp(-seconds / _options.LowPass.TotalSeconds);
                seen = (before.X + (weight * (seen.X - before.X)), before.Y + (weight * (seen.Y - before.Y)), before.Z + (weight * (seen.Z - before.Z)));
                double length = Math.Sqrt((seen.X * seen.X) + (seen.Y * seen.Y) + (seen.Z * seen.Z));
                if (!(length > 0.1))
                {
                    _up = null;
                    return AnchorRefusal.Shaken;
                }

                seen = (seen.X / length, seen.Y / length, seen.Z / length);
            }

            (_up, _upNs) = (seen, stampNs);
            return Note(new SupportPlane(seen.X, seen.Y, seen.Z, HeightWith(seen, mount, stampNs)), stampNs);
        }
    }

    /// <summary>The height told last, or the one that the tilted robot gives its camera.</summary>
    private double? HeightWith((double X, double Y, double Z) up, CameraMount? mount, long stampNs)
    {
        if (_height is { } told && IsFresh(_heightNs, stampNs))
        {
            return told;
        }

        if (mount is null || mount.HeightM <= 0)
        {
            return null;
        }

        (double x, double y, double z) = mount.Rotation.Rotate(up.X, up.Y, up.Z);
        double height = (x * mount.X) + (y * mount.Y) + (z * mount.HeightM);
        return height > 0.01 ? height : null;
    }
}
