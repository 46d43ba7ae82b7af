namespace VisionBanana.Edge.Scale;

/// <summary>Why a reading or an anchor did not count for a picture.</summary>
public enum AnchorRefusal
{
    /// <summary>It did count.</summary>
    None,

    /// <summary>Nothing was read yet.</summary>
    NoReading,

    /// <summary>The reading nearest in time is older than it may be.</summary>
    Stale,

    /// <summary>Its stamp lies ahead of this machine's clock.</summary>
    FutureStamp,

    /// <summary>Its stamp is not newer than the one before, or its value stood still for too long: a sensor that hangs.</summary>
    Frozen,

    /// <summary>Not a number, not above 0 or not above the floor, beyond what the sensor can read, or bytes that are no such message.</summary>
    Invalid,

    /// <summary>What it points at is not in the picture.</summary>
    OutsideView,

    /// <summary>The picture shows too little of what it needs, or no depth there.</summary>
    NotSeen,

    /// <summary>What is measured here differs too much from what the other anchors, or the pictures before, say.</summary>
    Contradicts,

    /// <summary>The accelerometer felt more or less than gravity: a robot that is shaken, or falls.</summary>
    Shaken,

    /// <summary>The pose holds in another coordinate frame than the one asked for.</summary>
    OtherFrame,
}
