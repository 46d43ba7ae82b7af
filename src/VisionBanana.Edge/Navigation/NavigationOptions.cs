using System.Collections.Immutable;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Navigation;

/// <summary>What is told to a robot that moves, beside the percepts it is made of.</summary>
public sealed record NavigationOptions
{
    private const int MostZones = 64;

    /// <summary>What counts as an obstacle.</summary>
    public ObstacleOptions Obstacles { get; init; } = new();

    /// <summary>Parts of the space around the robot that are watched.</summary>
    public ImmutableArray<ZoneOptions> Zones { get; init; } = [];

    /// <summary>How objects are found and followed where depth and instances are asked; null = not asked.</summary>
    public DetectionOptions? Detections { get; init; }

    /// <summary>Where the camera sits, for pictures that do not bring it; null = nobody said.</summary>
    public CameraMount? Mount { get; init; }

    /// <summary>What else is wrong once the camera of the pictures is known: zones outside its view. Empty when they can be used.</summary>
    /// <exception cref="ConfigurationException">The options contradict themselves (<see cref="Problems"/>).</exception>
    public IEnumerable<string> ProblemsWith(CameraIntrinsics camera)
    {
        ArgumentNullException.ThrowIfNull(camera);
        return new Navigator(this).ProblemsWith(camera);
    }

    /// <summary>What is wrong with these options, one sentence each; empty when they can be used.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (string problem in Obstacles.Problems().Concat(Zones.SelectMany(z => z.Problems())).Concat(Detections?.Problems() ?? []))
        {
            yield return problem;
        }

        if (Obstacles.Floor == FloorSource.Mount && Mount is null)
        {
            yield return "The floor is to be taken from the mount, and there is none: give camera.mount, or floor: fit.";
        }

        if (Mount is not null && Obstacles.Floor is FloorSource.Auto or FloorSource.Mount && LevelFrame.Of(Mount) is null)
        {
            yield return FormattableString.Invariant($"The camera looks up or down by {Mount.PitchDegrees:0.#}°, so that it sees nothing on the level: ")
                + $"expected at most {LevelFrame.MostPitchDegrees}°.";
        }

        if (Mount is { HeightM: <= 0 } && Obstacles.Floor is FloorSource.Auto or FloorSource.Mount)
        {
            yield return FormattableString.Invariant(
                $"The mount places the camera {Mount.HeightM:0.###} m above the floor: expected more than 0. Give floor_z_m, or floor: fit.");
        }

        foreach (string name in Zones.GroupBy(z => z.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key))
        {
            yield return $"The name of a zone is a part of its topic: '{name}' stands twice.";
        }

        foreach (ZoneOptions zone in Zones.Where(z => z.MinHeightM is null != z.MaxHeightM is null))
        {
            (double low, double high) = (zone.MinHeightM ?? Obstacles.MinHeightM, zone.MaxHeightM ?? Obstacles.MaxHeightM);
            if (!(low < high))
            {
                yield return FormattableString.Invariant($"The zone {zone.Name} reaches from {low} to {high} m above the floor, one of them taken from the ")
                    + "obstacles: expected the first to be smaller; give min_height_m and max_height_m.";
            }
        }

        if (Mount is null)
        {
            foreach (ZoneOptions zone in Zones.Where(z => z.Shape is not SectorZone))
            {
                yield return
                    $"The zone {zone.Name} is drawn in the robot's frame, and where the camera sits on it is not known: give camera.mount, or a sector.";
            }
        }

        if (Zones.Length > MostZones)
        {
            yield return $"At most {MostZones} zones are watched, found {Zones.Length}.";
        }
    }
}
