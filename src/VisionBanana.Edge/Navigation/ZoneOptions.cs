using System.Collections.Immutable;
using static System.FormattableString;

namespace VisionBanana.Edge.Navigation;

/// <summary>A zone: a part of the space around the robot of which it is told whether something is in it.</summary>
public sealed record ZoneOptions
{
    /// <summary>Its name, the last part of its topic.</summary>
    public required string Name { get; init; }

    /// <summary>Its outline, in the frame the mount names; without a mount a sector about the camera.</summary>
    public required ZoneShape Shape { get; init; }

    /// <summary>Metres above the floor from which on things count; null = as obstacles do.</summary>
    public double? MinHeightM { get; init; }

    /// <summary>Metres above the floor up to which things count; null = as obstacles do.</summary>
    public double? MaxHeightM { get; init; }

    /// <summary>How far outside the outline something may be to make the zone occupied.</summary>
    public double EnterM { get; init; }

    /// <summary>How far outside the outline everything must be for an occupied zone to become free.</summary>
    public double LeaveM { get; init; } = 0.1;

    /// <summary>The classes that count, by labels or instances; empty = every obstacle.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>Fewer points are noise.</summary>
    public int MinPoints { get; init; } = 3;

    /// <summary>How long something must be in the zone before it is occupied.</summary>
    public TimeSpan EnterAfter { get; init; } = TimeSpan.Zero;

    /// <summary>How long nothing must be in the zone before it is no longer occupied.</summary>
    public TimeSpan LeaveAfter { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Without a picture that shows the zone for so long it is unknown.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The part of what the camera could see of the zone that may be hidden while it is called free, 0–1.</summary>
    public double MaxHidden { get; init; } = 0.05;

    /// <summary>What is wrong with these options, one sentence each; empty when they can be used.</summary>
    public IEnumerable<string> Problems()
    {
        if (Name.Length is 0 or > 64 || !Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            yield return $"The name of a zone is a part of its topic: expected 1 to 64 letters, digits, - and _, found '{Name}'.";
        }

        foreach (string problem in Shape.Problems())
        {
            yield return $"The zone {Name}: {problem}.";
        }

        if (MinHeightM is { } low && MaxHeightM is { } high && !(low < high))
        {
            yield return Invariant($"The zone {Name}: min_height_m is {low} and max_height_m is {high}: expected the first to be smaller.");
        }

        if (!(EnterM >= 0 && EnterM <= LeaveM && LeaveM <= 100))
        {
            yield return Invariant($"The zone {Name}: enter_m is {EnterM} and leave_m is {LeaveM}: expected 0 or more, and no less to leave than to enter.");
        }

        if (MinPoints < 1)
        {
            yield return $"The zone {Name}: min_points is {MinPoints}: expected 1 or more.";
        }

        if (EnterAfter < TimeSpan.Zero || LeaveAfter < TimeSpan.Zero || Timeout <= TimeSpan.Zero)
        {
            yield return $"The zone {Name}: times are 0 or more, and the timeout is above 0.";
        }

        if (!(MaxHidden is >= 0 and <= 1))
        {
            yield return Invariant($"The zone {Name}: max_hidden is {MaxHidden}: expected 0 to 1.");
        }
    }
}
