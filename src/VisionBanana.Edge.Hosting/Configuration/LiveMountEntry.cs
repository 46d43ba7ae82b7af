using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>camera.live_mount</c> of a pipeline file: what tells where the camera is while it runs.</summary>
internal sealed record LiveMountEntry
{
    /// <summary>In the order of <see cref="LiveMountKind"/>.</summary>
    private static readonly string[] Kinds = ["imu", "pose", "height"];

    /// <summary>What is told.</summary>
    public required LiveMountKind Kind { get; init; }

    /// <summary>Where it arrives.</summary>
    public required SensorEntry Sensor { get; init; }

    /// <summary>Turns vectors of the accelerometer into the mount's parent, or into the optical frame.</summary>
    public UnitQuaternion ImuRotation { get; init; } = UnitQuaternion.Identity;

    /// <summary>True: of the optical frame; false: of the camera's body.</summary>
    public bool IsOptical { get; init; }

    /// <summary>The frame that poses must hold in; null = any.</summary>
    public string? Frame { get; init; }

    /// <summary>Where the floor or the table is along z of that frame.</summary>
    public double FloorZ { get; init; }

    /// <summary>Beyond it nothing is known; null = the default.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Reads the list; empty when it is left out.</summary>
    public static IReadOnlyList<LiveMountEntry> Read(YamlSection camera)
    {
        LiveMountEntry[] entries = [.. camera.Sections("live_mount", required: false).Select(ReadOne).OfType<LiveMountEntry>()];
        if (entries.GroupBy(e => e.Kind).Any(g => g.Count() > 1))
        {
            camera.Problem("live_mount", "expected each of imu, pose and height once at most");
        }

        if (entries.Any(e => e.Kind == LiveMountKind.Pose) && entries.Length > 1)
        {
            camera.Problem("live_mount", "a pose tells everything: an imu or a height beside it would contradict it");
        }

        return entries;
    }

    private static LiveMountEntry? ReadOne(YamlSection section)
    {
        var kind = (LiveMountKind)section.RequireOneOf("kind", Kinds);
        SensorEntry? sensor = SensorEntry.Read(section, kind == LiveMountKind.Height);
        double[] rpy = kind == LiveMountKind.Imu ? section.Doubles("rpy_deg", 3, required: false) : [];
        var entry = new LiveMountEntry
        {
            Kind = kind,
            Sensor = sensor ?? new SensorEntry(),
            ImuRotation = rpy.Length == 3 && rpy.All(double.IsFinite)
                ? UnitQuaternion.FromRpy(double.DegreesToRadians(rpy[0]), double.DegreesToRadians(rpy[1]), double.DegreesToRadians(rpy[2]))
                : UnitQuaternion.Identity,
            IsOptical = kind == LiveMountKind.Pose && section.OptionalOneOf("of", "body", "optical") == 1,
            Frame = kind == LiveMountKind.Pose ? section.OptionalString("parent") : null,
            FloorZ = kind == LiveMountKind.Pose ? section.OptionalDouble("floor_z_m", -1000, 1000) ?? 0 : 0,
            MaxAge = section.OptionalInt("max_age_ms", 1, 60_000) is { } age ? TimeSpan.FromMilliseconds(age) : null,
        };
        section.RefuseUnknownKeys();
        return sensor is null ? null : entry;
    }
}

/// <summary>Kinds of <see cref="LiveMountEntry"/>.</summary>
internal enum LiveMountKind
{
    /// <summary>An accelerometer.</summary>
    Imu,

    /// <summary>The camera's pose.</summary>
    Pose,

    /// <summary>Its height above the ground.</summary>
    Height,
}
