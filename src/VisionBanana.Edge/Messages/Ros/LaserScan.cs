namespace VisionBanana.Edge.Messages.Ros;

/// <summary>sensor_msgs/msg/LaserScan: distances in a plane. x is forward, angles are radians to the left of it, ranges metres (REP-117).</summary>
/// <param name="Header">Time of the first range, and the frame.</param>
/// <param name="AngleMin">The direction of the first range.</param>
/// <param name="AngleMax">The direction of the last range.</param>
/// <param name="AngleIncrement">From one range to the next.</param>
/// <param name="TimeIncrement">Seconds between two ranges; 0 = all at once.</param>
/// <param name="ScanTime">Seconds between two scans; 0 = not told.</param>
/// <param name="RangeMin">The least range that is a measurement.</param>
/// <param name="RangeMax">The greatest.</param>
/// <param name="Ranges">Metres; +∞ = nothing there, −∞ = too close, NaN = not known.</param>
/// <param name="Intensities">One for each range, or none.</param>
public readonly record struct LaserScan(
    Header Header,
    float AngleMin,
    float AngleMax,
    float AngleIncrement,
    float TimeIncrement,
    float ScanTime,
    float RangeMin,
    float RangeMax,
    ReadOnlyMemory<float> Ranges,
    ReadOnlyMemory<float> Intensities) : IRosMessage<LaserScan>
{
    /// <inheritdoc/>
    public static string Schema => "sensor_msgs/msg/LaserScan";

    /// <inheritdoc/>
    public static string Definition => """
        std_msgs/Header header
        float32 angle_min
        float32 angle_max
        float32 angle_increment
        float32 time_increment
        float32 scan_time
        float32 range_min
        float32 range_max
        float32[] ranges
        float32[] intensities
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Write(writer, Header, [AngleMin, AngleMax, AngleIncrement, TimeIncrement, ScanTime, RangeMin, RangeMax], Ranges.Span, Intensities.Span);
    }

    /// <inheritdoc/>
    public static LaserScan ReadFrom(ref CdrReader reader) => new(
        Header.ReadFrom(ref reader),
        reader.ReadFloat32(),
        reader.ReadFloat32(),
        reader.ReadFloat32(),
        reader.ReadFloat32(),
        reader.ReadFloat32(),
        reader.ReadFloat32(),
        reader.ReadFloat32(),
        ReadArray(ref reader),
        ReadArray(ref reader));

    /// <summary>Writes a scan without making one first.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="header">Time and frame.</param>
    /// <param name="numbers">The seven numbers from <see cref="AngleMin"/> to <see cref="RangeMax"/>.</param>
    /// <param name="ranges">Metres.</param>
    /// <param name="intensities">One for each range, or none.</param>
    internal static void Write(
        CdrWriter writer, in Header header, ReadOnlySpan<float> numbers, ReadOnlySpan<float> ranges, ReadOnlySpan<float> intensities)
    {
        header.WriteTo(writer);
        foreach (float number in numbers)
        {
            writer.WriteFloat32(number);
        }

        WriteArray(writer, ranges);
        WriteArray(writer, intensities);
    }

    private static void WriteArray(CdrWriter writer, ReadOnlySpan<float> values)
    {
        writer.WriteCount(values.Length);
        foreach (float value in values)
        {
            writer.WriteFloat32(value);
        }
    }

    private static float[] ReadArray(ref CdrReader reader)
    {
        float[] values = new float[reader.ReadCount(sizeof(float))];
        foreach (ref float value in values.AsSpan())
        {
            value = reader.ReadFloat32();
        }

        return values;
    }
}
