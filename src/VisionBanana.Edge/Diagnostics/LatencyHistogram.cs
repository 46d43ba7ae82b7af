using System.Numerics;

namespace VisionBanana.Edge.Diagnostics;

/// <summary>
/// Durations counted in buckets of 1/16 octave (4.4 % wide) from 1 µs to over an hour: percentiles of any run length in 4 kB,
/// without allocation. Safe for many writers.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBuckets = 16;

    // Above the last bucket, and far below the number that cannot be multiplied any more.
    private const long MaxNanoseconds = 1L << 55;
    private readonly long[] _counts = new long[33 * SubBuckets];

    /// <summary>How many durations were recorded.</summary>
    public long Count
    {
        get
        {
            long sum = 0;
            for (int i = 0; i < _counts.Length; i++)
            {
                sum += Volatile.Read(ref _counts[i]);
            }

            return sum;
        }
    }

    /// <summary>Adds one duration in nanoseconds; negative ones (clock steps) count as zero, longer ones than an hour as the last bucket.</summary>
    public void Record(long nanoseconds) => Interlocked.Increment(ref _counts[Bucket(nanoseconds)]);

    /// <summary>The duration in milliseconds that the given share (0–1) of all durations does not exceed; NaN when there are none.</summary>
    public double PercentileMs(double share)
    {
        long total = Count;
        if (total == 0)
        {
            return double.NaN;
        }

        long rank = Math.Clamp((long)Math.Ceiling(share * total), 1, total);
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += Volatile.Read(ref _counts[i]);
            if (seen >= rank)
            {
                return Centre(i);
            }
        }

        return Centre(_counts.Length - 1);
    }

    private static int Bucket(long nanoseconds)
    {
        long sixteenths = Math.Clamp(nanoseconds, 0, MaxNanoseconds) * SubBuckets / 1000;
        if (sixteenths < SubBuckets)
        {
            return (int)sixteenths;
        }

        int octave = BitOperations.Log2((ulong)sixteenths) - 4;
        int index = ((octave + 1) * SubBuckets) + (int)((sixteenths >> octave) - SubBuckets);
        return Math.Min(index, (33 * SubBuckets) - 1);
    }

    private static double Centre(int bucket)
    {
        int octave = Math.Max((bucket / SubBuckets) - 1, 0);
        double low = bucket < SubBuckets ? bucket : (double)((bucket % SubBuckets) + SubBuckets) * (1L << octave);
        return (low + (0.5 * (1L << octave))) / SubBuckets / 1000;
    }
}
