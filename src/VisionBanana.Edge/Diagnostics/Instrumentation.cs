using System.Diagnostics;

namespace VisionBanana.Edge.Diagnostics;

/// <summary>
/// The names under which this library is measured: the meter of <see cref="System.Diagnostics.Metrics"/> and the activity source of spans. Both stay in
/// this process unless the program exports them; without a listener neither costs anything.
/// </summary>
public static class Instrumentation
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "VisionBanana.Edge";

    private static readonly ActivitySource Activities = new(Name);

    /// <summary>Tells a stage that just ended as a span.</summary>
    internal static void Span(string stage, long durationNs)
    {
        if (Activities.HasListeners())
        {
            // A span begins in the past here: its parent, if any, is what is current on this thread.
            DateTimeOffset start = TimeProvider.System.GetUtcNow() - TimeSpan.FromTicks(durationNs / 100);
            Activities.StartActivity(stage, ActivityKind.Internal, Activity.Current?.Context ?? default, startTime: start)?.Dispose();
        }
    }
}
