namespace VisionBanana.Edge.Navigation;

/// <summary>What is known of a zone.</summary>
public enum ZoneState
{
    /// <summary>Nothing that could be relied on: no picture yet or for too long, or what is in the zone is hidden. Never to be read as free.</summary>
    Unknown,

    /// <summary>The zone was seen, and nothing that counts is in it.</summary>
    Free,

    /// <summary>Something that counts is in it.</summary>
    Occupied,
}
