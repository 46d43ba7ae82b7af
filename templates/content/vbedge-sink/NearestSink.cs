using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace MyPerception;

/// <summary>Logs the nearest thing in each picture. Put what you do with percepts here.</summary>
internal sealed class NearestSink(ILogger<NearestSink> log) : IPerceptSink
{
    public string Name => "nearest";

    public string State => "running";

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The frame is borrowed until this returns: frame.Retain() keeps it, until it is disposed. A sink that is slow is given the newest frame.
    public DropReason? Show(PerceptionFrame frame)
    {
        float nearest = float.PositiveInfinity;
        foreach (float metres in frame.Find(PerceptKind.Depth)!.Depth)
        {
            nearest = metres > 0 && metres < nearest ? metres : nearest;   // NaN: no measurement
        }

        log.LogInformation("{Sequence}: nearest {Nearest:0.00} m", frame.SequenceNumber, nearest);
        return null;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
