using VisionBanana.Edge.Calibration;
using static System.FormattableString;

namespace VisionBanana.Edge.Autopilot;

/// <summary>How obstacles are told to an autopilot.</summary>
public sealed record ObstacleDistanceOptions
{
    /// <summary>
    /// <c>udpout:HOST:PORT</c> sends there; <c>udpin:ADDRESS:PORT</c> waits there and answers whoever sent MAVLink last.
    /// </summary>
    public string Address { get; init; } = "udpout:127.0.0.1:14550";

    /// <summary>The most messages per second.</summary>
    public double RateHz { get; init; } = 10;

    /// <summary>The MAVLink system, the vehicle's: 1–255.</summary>
    public int SystemId { get; init; } = 1;

    /// <summary>The MAVLink component; 196 = MAV_COMP_ID_OBSTACLE_AVOIDANCE.</summary>
    public int ComponentId { get; init; } = 196;

    /// <summary>After so long without a scan every direction is told as unknown.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the camera sits: its yaw turns the directions into the vehicle's. Null = the camera looks where the vehicle does.</summary>
    public CameraMount? Mount { get; init; }

    /// <summary>What is wrong with these options, one sentence each; empty when they can be used.</summary>
    public IEnumerable<string> Problems()
    {
        if (UdpAddress.WhyNot(Address) is { } problem)
        {
            yield return problem;
        }

        if (!(RateHz is >= 0.1 and <= 100))
        {
            yield return Invariant($"rate_hz is {RateHz}: expected 0.1 to 100.");
        }

        if (SystemId is < 1 or > 255 || ComponentId is < 1 or > 255)
        {
            yield return $"system_id is {SystemId} and component_id {ComponentId}: expected 1 to 255 each.";
        }

        if (Timeout <= TimeSpan.Zero)
        {
            yield return "timeout_ms is above 0.";
        }
    }
}
