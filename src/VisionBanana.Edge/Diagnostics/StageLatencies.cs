using System.Collections.Concurrent;

namespace VisionBanana.Edge.Diagnostics;

/// <summary>How long each stage of a pipeline takes, by the stage's name.</summary>
public sealed class StageLatencies
{
    private readonly ConcurrentDictionary<string, LatencyHistogram> _stages = new(StringComparer.Ordinal);

    /// <summary>The histogram of a stage, made at first use.</summary>
    public LatencyHistogram this[string stage] => _stages.GetOrAdd(stage, static _ => new LatencyHistogram());

    /// <summary>Records the time since <paramref name="startNs"/> (monotonic) as a stage and returns the time now: the start of the next stage.</summary>
    public long Lap(string stage, long startNs, TimeProvider clock)
    {
        long now = CaptureTime.MonotonicNow(clock);
        this[stage].Record(now - startNs);
        Instrumentation.Span(stage, now - startNs);
        return now;
    }

    /// <summary>The stages recorded so far, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, LatencyHistogram>> ToList() =>
        // ToArray is the dictionary's own snapshot; LINQ would copy it while other threads add stages.
        [.. _stages.ToArray().OrderBy(s => s.Key, StringComparer.Ordinal)];
}
