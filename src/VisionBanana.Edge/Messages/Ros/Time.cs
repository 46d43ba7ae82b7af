namespace VisionBanana.Edge.Messages.Ros;

/// <summary>builtin_interfaces/msg/Time: a point in time since the Unix epoch.</summary>
/// <param name="Sec">Whole seconds, rounded towards the past.</param>
/// <param name="Nanosec">The rest, 0 to 999 999 999.</param>
public readonly record struct Time(int Sec, uint Nanosec) : IRosMessage<Time>
{
    private const long Second = 1_000_000_000;

    /// <inheritdoc/>
    public static string Schema => "builtin_interfaces/msg/Time";

    /// <inheritdoc/>
    public static string Definition => """
        int32 sec
        uint32 nanosec
        """;

    /// <summary>Nanoseconds since the Unix epoch.</summary>
    public long Nanoseconds => (Sec * Second) + Nanosec;

    /// <summary>The time of a number of nanoseconds since the Unix epoch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The seconds do not fit the 32 bits of the ROS type (1901 to 2038).</exception>
    public static Time FromNanoseconds(long nanoseconds)
    {
        (long seconds, long rest) = Math.DivRem(nanoseconds, Second);
        if (rest < 0)
        {
            seconds--;
            rest += Second;
        }

        return seconds is >= int.MinValue and <= int.MaxValue
            ? new Time((int)seconds, (uint)rest)
            : throw new ArgumentOutOfRangeException(nameof(nanoseconds), nanoseconds, "builtin_interfaces/Time holds the years 1901 to 2038 only.");
    }

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt32(Sec);
        writer.WriteUInt32(Nanosec);
    }

    /// <inheritdoc/>
    public static Time ReadFrom(ref CdrReader reader)
    {
        int sec = reader.ReadInt32();
        uint nanosec = reader.ReadUInt32();
        return nanosec < Second
            ? new Time(sec, nanosec)
            : throw new MessageFormatException($"Expected fewer than 10^9 nanoseconds in the time at byte {reader.Position - 8}, found {nanosec}.");
    }
}
