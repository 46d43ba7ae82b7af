namespace VisionBanana.Edge.Calibration;

/// <summary>The ray tables that somebody still holds, by camera and size: a table is worked out once, and nothing is kept for its own sake.</summary>
internal static class RayTableCache
{
    private static readonly Lock Gate = new();
    private static readonly List<WeakReference<RayTable>> Tables = [];

    public static RayTable Get(CameraIntrinsics camera)
    {
        lock (Gate)
        {
            Tables.RemoveAll(t => !t.TryGetTarget(out _));
            foreach (WeakReference<RayTable> known in Tables)
            {
                if (known.TryGetTarget(out RayTable? table) && table.Camera == camera)
                {
                    return table;
                }
            }
        }

        // Outside the lock: another camera does not wait. Two who ask for the same one at once work it out twice, which is right too.
        var made = new RayTable(camera);
        lock (Gate)
        {
            Tables.Add(new WeakReference<RayTable>(made));
        }

        return made;
    }
}
