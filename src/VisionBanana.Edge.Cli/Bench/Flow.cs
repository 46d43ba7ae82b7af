namespace VisionBanana.Edge.Cli.Bench;

/// <summary>One run of the whole pipeline into a sink that only looks at its clock, in the words of ros2_benchmark. Warm-up is left out.</summary>
/// <param name="Name"><c>flat_out</c>, or the rate, e.g. <c>30_hz</c>.</param>
/// <param name="InputHz">How many pictures per second were played; NaN = as many as are taken.</param>
/// <param name="NumFramesSent">Pictures played.</param>
/// <param name="NumMissedFrames">Pictures played that did not arrive: superseded by a newer one.</param>
/// <param name="MeanFrameRate">Pictures that arrived per second, from the first to the last.</param>
/// <param name="FirstSentReceivedLatencyMs">From playing the first picture to its last message.</param>
/// <param name="LastSentReceivedLatencyMs">The same of the last picture that arrived: larger than the first, it grows with time.</param>
/// <param name="LatencyMs">The same of every picture that arrived.</param>
/// <param name="MaxJitterMs">Jitter is how far the time between two arrivals is from the mean of these times.</param>
/// <param name="MeanJitterMs">See <paramref name="MaxJitterMs"/>.</param>
/// <param name="StdDevJitterMs">Standard deviation of the times between arrivals.</param>
/// <param name="CpuPercent">Processor time of this process, 100 = all processors busy. Playing the pictures is in it.</param>
/// <param name="GpuPercent">Load of the GPU; NaN where the system tells none.</param>
internal sealed record Flow(
    string Name,
    double InputHz,
    int NumFramesSent,
    int NumMissedFrames,
    double MeanFrameRate,
    double FirstSentReceivedLatencyMs,
    double LastSentReceivedLatencyMs,
    Spread LatencyMs,
    double MaxJitterMs,
    double MeanJitterMs,
    double StdDevJitterMs,
    double CpuPercent,
    double GpuPercent)
{
    /// <summary>Of the times at which pictures were played and arrived.</summary>
    /// <param name="name">See <see cref="Name"/>.</param>
    /// <param name="inputHz">See <see cref="InputHz"/>.</param>
    /// <param name="sent">Nanoseconds, by number of the picture.</param>
    /// <param name="received">Nanoseconds; 0 = did not arrive.</param>
    /// <param name="cpuPercent">See <see cref="CpuPercent"/>.</param>
    /// <param name="gpuPercent">See <see cref="GpuPercent"/>.</param>
    public static Flow Of(string name, double inputHz, ReadOnlySpan<long> sent, ReadOnlySpan<long> received, double cpuPercent, double gpuPercent)
    {
        var latencies = new List<long>();
        var arrivals = new List<long>();
        for (int i = 0; i < sent.Length; i++)
        {
            if (received[i] != 0)
            {
                latencies.Add(received[i] - sent[i]);
                arrivals.Add(received[i]);
            }
        }

        if (arrivals.Count < 2)
        {
            return new Flow(
                name, inputHz, sent.Length, sent.Length - arrivals.Count, double.NaN, Ms(latencies, 0),
                Ms(latencies, latencies.Count - 1), Spread.Of(latencies),
                double.NaN, double.NaN, double.NaN, cpuPercent, gpuPercent);
        }

        double mean = (arrivals[^1] - arrivals[0]) / 1e6 / (arrivals.Count - 1);
        double[] off = [.. arrivals.Skip(1).Zip(arrivals, (later, earlier) => Math.Abs(((later - earlier) / 1e6) - mean))];
        return new Flow(
            name, inputHz, sent.Length, sent.Length - arrivals.Count, 1000 / mean, Ms(latencies, 0), Ms(latencies, latencies.Count - 1), Spread.Of(latencies),
            off.Max(), off.Average(), Math.Sqrt(off.Average(o => o * o)), cpuPercent, gpuPercent);
    }

    private static double Ms(List<long> values, int at) => at >= 0 && at < values.Count ? values[at] / 1e6 : double.NaN;
}
