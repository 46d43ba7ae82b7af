using System.Numerics;

namespace VisionBanana.Edge.Diagnostics;

/// <summary>
/// Durations counted in buckets of 1/16 octave (4.4 % wide) from 1 µs to over an hour: percentiles of any run length, and of the
/// last minute, without allocation. Safe for many writers.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBuckets = 16;

    // Above the last bucket, and far below the number that cannot be multiplied any more.
    private const long MaxNanoseconds = 1L << 55;
    private const int Buckets = 33 * SubBuckets;

    // The last minute lies in slots of ten seconds; one more is being filled.
    private const int SlotMs = 10_000, Slots = 7;
    private readonly long[] _counts = new long[Buckets];
    private readonly int[] _recent = new int[Slots * Buckets];
    private readonly long[] _slotTimes = new long[Slots];

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
    public void Record(long nanoseconds)
    {
        int bucket = Bucket(nanoseconds);
        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Increment(ref _recent[(SlotOf(Environment.TickCount64 / SlotMs) * Buckets) + bucket]);
    }

    /// <summary>The duration in milliseconds that the given share (0–1) of all durations does not exceed; NaN when there are none.</summary>
    public double PercentileMs(double share)
    {
        Span<long> counts = stackalloc long[Buckets];
        for (int i = 0; i < Buckets; i++)
        {
            counts[i] = Volatile.Read(ref _counts[i]);
        }

        return Percentile(counts, share);
    }

    /// <summary>As <see cref="PercentileMs"/>, of what was recorded in the last 60 to 70 seconds.</summary>
    public double RecentPercentileMs(double share)
    {
        Span<long> counts = stackalloc long[Buckets];
        counts.Clear();
        long now = Environment.TickCount64 / SlotMs;
        for (int slot = 0; slot < Slots; slot++)
        {
            if (now - Volatile.Read(ref _slotTimes[slot]) >= Slots)
            {
                continue;
            }

            for (int i = 0; i < Buckets; i++)
            {
                counts[i] += Volatile.Read(ref _recent[(slot * Buckets) + i]);
            }
        }

        return Percentile(counts, share);
    }

    /// <summary>The slot of a time; who comes first after another minute empties it.</summary>
    private int SlotOf(long time)
    {
        int slot = (int)(time % Slots);
        long before = Volatile.Read(ref _slotTimes[slot]);
        if (before != time && Interlocked.CompareExchange(ref _slotTimes[slot], time, before) == before)
        {
            Array.Clear(_recent, slot * Buckets, Buckets);
        }

        return slot;
    }

    private static double Percentile(ReadOnlySpan<long> counts, double share)
    {
        long total = 0;
        foreach (long count in counts)
        {
            total += count;
        }

        if (total == 0)
        {
            return double.NaN;
        }

        long rank = Math.Clamp((long)Math.Ceiling(share * total), 1, total);
        long seen = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen >= rank)
            {
                return Centre(i);
            }
        }

        return Centre(counts.Length - 1);
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
        return Math.Min(index, Buckets - 1);
    }

    private static double Centre(int bucket)
    {
        int octave = Math.Max((bucket / SubBuckets) - 1, 0);
        double low = bucket < SubBuckets ? bucket : (double)((bucket % SubBuckets) + SubBuckets) * (1L << octave);
        return (low + (0.5 * (1L << octave))) / SubBuckets / 1000;
    }
}
