using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Scale;

/// <summary>How a <see cref="MountFeed"/> understands what it is told.</summary>
public sealed record MountFeedOptions
{
    /// <summary>
    /// The mount as it is while the robot stands level: turns what an accelerometer feels into the camera, and gives the height over the floor. Null =
    /// the accelerometer sits in the camera and the height is not known, unless <see cref="MountFeed.PushHeight"/> tells it.
    /// </summary>
    public CameraMount? Mount { get; init; }

    /// <summary>
    /// Turns vectors of the accelerometer's frame into the mount's parent; without a mount, into the optical frame. Identity = its axes are those.
    /// </summary>
    public UnitQuaternion ImuRotation { get; init; } = UnitQuaternion.Identity;

    /// <summary>
    /// By how many quarter turns clockwise pictures are turned before they are perceived: everything else here is of the camera as it delivers.
    /// </summary>
    public int QuarterTurns { get; init; }

    /// <summary>Time constant of the low-pass of gravity.</summary>
    public TimeSpan LowPass { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What is felt may differ from 9.81 m/s² by so much and still be gravity.</summary>
    public double GravityTolerance { get; init; } = 0.5;

    /// <summary>How far in time what is known may be from the picture; beyond it nothing is known.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMilliseconds(500);
}
