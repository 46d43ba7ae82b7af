using VisionBanana.Edge.Mqtt;

namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>
/// The cameras that a worker has tables for, by the hash of what is said of them; bounded: the one that was asked for longest ago makes room. What could
/// not be had is remembered for a while, so that bad input costs little.
/// </summary>
/// <param name="parts">What all cameras share.</param>
/// <param name="capacity">Cameras at once.</param>
internal sealed class RobotCache(WorkerParts parts, int capacity)
{
    private static readonly TimeSpan Forgets = TimeSpan.FromSeconds(2);

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
            if (node.Value.Robot is not null || parts.Clock.GetElapsedTime(node.Value.Since) < Forgets)
            {
                _order.AddFirst(node);
                return (node.Value.Robot, node.Value.Why);
            }

            _entries.Remove(key);
        }

        (WorkerRobot? Robot, string Why) made = Make(taken, await find().ConfigureAwait(false));
        while (_entries.Count >= capacity)
        {
            _entries.Remove(_order.Last!.Value.Key);
            _order.RemoveLast();
        }

        _entries[key] = _order.AddFirst(new Entry(key, made.Robot, made.Why, parts.Clock.GetTimestamp()));
        return made;
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
        catch (ConfigurationException e)
        {
            return (null, e.Message);
        }
    }

    private sealed record Entry(string Key, WorkerRobot? Robot, string Why, long Since);
}
