namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>How many cores there are to run on.</summary>
public static class ProcessorTopology
{
    /// <summary>
    /// Physical cores this process may use. Two hyper-threads of a core share its arithmetic units, so that a second one only
    /// adds contention to a convolution. Falls back to the logical count where the system does not tell.
    /// </summary>
    public static int PhysicalCores { get; } = CountCores("/sys/devices/system/cpu", Environment.ProcessorCount);

    /// <summary>Physical cores, at most 4: beyond that a small network gains little and the cameras and sinks starve.</summary>
    public static int DefaultThreads => Math.Clamp(PhysicalCores, 1, 4);

    internal static int CountCores(string folder, int logical)
    {
        var cores = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            foreach (string cpu in Directory.EnumerateDirectories(folder, "cpu*"))
            {
                string siblings = Path.Combine(cpu, "topology", "thread_siblings_list");
                if (File.Exists(siblings))
                {
                    cores.Add(File.ReadAllText(siblings).Trim());
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return logical;
        }

        return cores.Count == 0 ? logical : Math.Min(cores.Count, logical);
    }
}
