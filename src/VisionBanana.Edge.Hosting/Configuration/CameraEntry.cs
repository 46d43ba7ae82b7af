using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>camera</c> of a pipeline file, or one of its <c>cameras</c>.</summary>
internal sealed record CameraEntry
{
    /// <summary>The camera's name in topics.</summary>
    public required string Name { get; init; }

    /// <summary>The optical coordinate frame in message headers.</summary>
    public required string FrameId { get; init; }

    /// <summary>Where its pictures come from.</summary>
    public required SourceEntry Source { get; init; }

    /// <summary>Path of its camera_info YAML; null = not calibrated.</summary>
    public string? Calibration { get; init; }

    /// <summary>An explicitly given horizontal field of view instead of a calibration.</summary>
    public double? HfovDegrees { get; init; }

    /// <summary>Where the camera that is painted sits on the robot, its turn and its view included; null = nobody said.</summary>
    public CameraMount? Mount { get; init; }

    /// <summary>What of the picture is painted; null = what suits the painter.</summary>
    public CameraView? View { get; init; }

    /// <summary>What tells where it is while it runs; empty = nobody.</summary>
    public IReadOnlyList<LiveMountEntry> LiveMount { get; init; } = [];

    /// <summary>Reads the keys of the camera itself; unknown ones are the caller's to refuse.</summary>
    /// <param name="section">The section.</param>
    /// <param name="folder">What relative paths are relative to.</param>
    /// <param name="name">Its name in topics.</param>
    public static CameraEntry Read(YamlSection section, string folder, string name)
    {
        if (section.Has("calibration") && section.Has("hfov_deg"))
        {
            section.Problem("hfov_deg", "calibration and hfov_deg contradict each other: keep the calibration if you have one");
        }

        SourceEntry source = SourceEntry.Read(section, folder);
        string? calibration = section.OptionalString("calibration");
        double? hfov = section.OptionalDouble("hfov_deg", 5, 170);
        string frameId = section.OptionalString("frame_id") ?? $"{name}_optical";
        CameraMount? mount = MountEntry.Read(section.OptionalSection("mount"))?.Turned(source.QuarterTurns);
        if (mount?.ParentFrame == frameId)
        {
            section.Problem("mount", $"the camera's own frame '{frameId}' cannot be its parent");
        }

        CameraView? view = ReadView(section.OptionalSection("view"));
        if (mount?.HeightM < 0)
        {
            section.Problem(
                "mount", FormattableString.Invariant($"the camera would be {-mount.HeightM:0.###} m below the floor: check position_m and floor_z_m"));
        }

        IReadOnlyList<LiveMountEntry> live = LiveMountEntry.Read(section);
        if (view is { LooksAhead: false } && live.Count > 0)
        {
            section.Problem("view", "a live mount tells where the real camera looks: expected a view without yaw_deg and pitch_deg, or a fixed mount");
        }

        return new CameraEntry
        {
            Name = name,
            FrameId = frameId,
            Source = source,
            Calibration = calibration is null ? null : Path.Combine(folder, calibration),
            HfovDegrees = hfov,
            Mount = mount is null ? null : view?.Of(mount) ?? mount,
            View = view,
            LiveMount = live,
        };
    }

    /// <summary>Reads <c>view</c>; null = what suits the painter.</summary>
    public static CameraView? ReadView(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        var view = new CameraView
        {
            HorizontalFovDegrees = section.OptionalDouble("hfov_deg", 5, 170),
            YawDegrees = section.OptionalDouble("yaw_deg", -180, 180) ?? 0,
            PitchDegrees = section.OptionalDouble("pitch_deg", -90, 90) ?? 0,
        };
        section.RefuseUnknownKeys();
        return view;
    }
}
