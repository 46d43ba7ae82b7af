using static System.FormattableString;

namespace VisionBanana.Edge.Navigation;

/// <summary>How objects are found among instances and followed from picture to picture.</summary>
public sealed record DetectionOptions
{
    /// <summary>The fewest pixels of known depth an object has.</summary>
    public int MinPixels { get; init; } = 30;

    /// <summary>Pixels whose depth or instance is less sure are left out, 0–1.</summary>
    public double MinConfidence { get; init; } = 0.2;

    /// <summary>In how many pictures an object must be found before it gets an id and is told.</summary>
    public int BirthCount { get; init; } = 2;

    /// <summary>For how long an object that is not seen keeps its id: within it the same one may come back.</summary>
    public TimeSpan Reappear { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How fast objects change their speed, m/s² (one standard deviation).</summary>
    public double Acceleration { get; init; } = 2;

    /// <summary>What is wrong with these options, one sentence each; empty when they can be used.</summary>
    public IEnumerable<string> Problems()
    {
        if (MinPixels < 1 || BirthCount < 1)
        {
            yield return $"min_pixels is {MinPixels} and birth is {BirthCount}: expected 1 or more of each.";
        }

        if (!(MinConfidence is >= 0 and <= 1))
        {
            yield return Invariant($"min_confidence of detections is {MinConfidence}: expected 0 to 1.");
        }

        if (Reappear < TimeSpan.Zero || Reappear > TimeSpan.FromMinutes(10) || !(Acceleration is > 0 and <= 100))
        {
            yield return Invariant(
                $"reappear_ms is {Reappear.TotalMilliseconds} and acceleration {Acceleration}: expected 0 to 600000 ms and up to 100 m/s².");
        }
    }
}
