using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;

namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>
/// The cameras that a worker has tables for, by the hash of what is said of them; bounded: the one that was asked for longest ago makes room. What could
/// not be had is remembered for a while, by camera and apart from them, so that bad input costs little and pushes nobody out.
/// </summary>
/// <param name="parts">What all cameras share.</param>
/// <param name="capacity">Cameras at once.</param>
internal sealed class RobotCache(WorkerParts parts, int capacity)
{
    /// <summary>Cameras whose failure is remembered; more begin anew.</summary>
    private const int MostFailures = 1000;

    /// <summary>How long a failure is remembered: the first of a camera, and each that follows it for twice as long, up to the longest.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2), LongestPause = TimeSpan.FromSeconds(10);

    private readonly Dictionary<CameraAddress, Failure> _failures = [];
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _order = new();

    /// <summary>Cameras that it has now.</summary>
    public int Count => _entries.Count;

    /// <summary>The camera of a picture; null and the reason when there is none.</summary>
    /// <param name="taken">The picture.</param>
    /// <param name="find">Brings the text of a rig; null = the broker has none.</param>
    public async Task<(WorkerRobot? Robot, string Why)> FindAsync(TakenPicture taken, Func<Task<byte[]?>> find)
    {
        string key = $"{taken.Camera}/{taken.Rig}";
        if (_entries.TryGetValue(key, out LinkedListNode<Entry>? node))
        {
            _order.Remove(node);
            _order.AddFirst(node);
            return (node.Value.Robot, "");
        }

        // One that is missing costs a wait: whatever else its camera names has to wait too.
        _failures.TryGetValue(taken.Camera, out Failure? before);
        if (before is not null && (before.IsMissing || before.Rig == taken.Rig) && parts.Clock.GetElapsedTime(before.Since) < before.Pause)
        {
            return (null, before.Why);
        }

        byte[]? text = await find().ConfigureAwait(false);
        (WorkerRobot? Robot, string Why) made = Make(taken, text);
        if (made.Robot is null)
        {
            Remember(taken, before, text is null, made.Why);
            return made;
        }

        _failures.Remove(taken.Camera);
        while (_entries.Count >= capacity)
        {
            _entries.Remove(_order.Last!.Value.Key);
            _order.RemoveLast();
        }

        _entries[key] = _order.AddFirst(new Entry(key, made.Robot));
        return made;
    }

    private void Remember(TakenPicture taken, Failure? before, bool isMissing, string why)
    {
        if (before is null && _failures.Count >= MostFailures)
        {
            _failures.Clear();
        }

        TimeSpan pause = before is null ? FirstPause : before.Pause * 2 < LongestPause ? before.Pause * 2 : LongestPause;
        _failures[taken.Camera] = new Failure(taken.Rig, isMissing, why, parts.Clock.GetTimestamp(), pause);
    }

    private (WorkerRobot? Robot, string Why) Make(TakenPicture taken, byte[]? text)
    {
        if (text is null)
        {
            return (null, "what is said of its camera (the rig) is not on the broker");
        }

        if (Rig.HashOf(text) != taken.Rig)
        {
            return (null, "what is said of its camera (the rig) is not what its name says: it was changed on the way");
        }

        try
        {
            var rig = Rig.Read(text, $"rig of {taken.Camera}");
            return rig.File.Device == taken.Camera.Device && rig.File.Camera.Name == taken.Camera.Camera
                ? (new WorkerRobot(rig, parts), "")
                : (null, $"what is said of its camera (the rig) is of {rig.File.Device}/{rig.File.Camera.Name}");
        }
        catch (Exception e) when (e is not (InferenceException or OutOfMemoryException))
        {
            return (null, e.Message);
        }
    }

    private sealed record Entry(string Key, WorkerRobot Robot);

    private sealed record Failure(string Rig, bool IsMissing, string Why, long Since, TimeSpan Pause);
}
