namespace VisionBanana.Edge.Mavlink;

/// <summary>A MAVLink message that is read or written here.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Length">Bytes of its payload with all extension fields.</param>
/// <param name="CrcExtra">The seed that says which fields its writer knows.</param>
internal readonly record struct MavlinkMessage(uint Id, int Length, byte CrcExtra)
{
    /// <summary>That a system is there.</summary>
    public static readonly MavlinkMessage Heartbeat = new(0, 9, 50);

    /// <summary>One distance of a range finder.</summary>
    public static readonly MavlinkMessage DistanceSensor = new(132, 39, 85);

    /// <summary>Distances all around.</summary>
    public static readonly MavlinkMessage ObstacleDistance = new(330, 167, 23);

    private static readonly MavlinkMessage[] All = [Heartbeat, DistanceSensor, ObstacleDistance];

    /// <summary>The message with a number; false for those that are not known here.</summary>
    public static bool TryFind(uint id, out MavlinkMessage message)
    {
        int at = Array.FindIndex(All, m => m.Id == id);
        message = at < 0 ? default : All[at];
        return at >= 0;
    }
}
