namespace VisionBanana.Edge.Cli.Doctor;

/// <summary>Reads the table of nvidia-smi.</summary>
internal static class NvidiaSmi
{
    /// <summary>The arguments whose answer <see cref="Parse"/> reads.</summary>
    public static readonly string[] Arguments =
        ["--query-gpu=name,driver_version,memory.total,power.draw,power.limit,temperature.gpu", "--format=csv,noheader,nounits"];

    /// <summary>One line for each GPU: memory, power and temperature, as far as the board tells.</summary>
    public static IReadOnlyList<string> Parse(string output)
    {
        var gpus = new List<string>();
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(',', StringSplitOptions.TrimEntries) is not [var name, var driver, var memory, var draw, var limit, var celsius])
            {
                continue;
            }

            string[] parts = [name, $"driver {driver}", Known(memory, " MiB"), Known(
                draw, Known(limit, "").Length > 0 ? $" of {limit} W" : " W"), Known(celsius, " °C")];
            gpus.Add(string.Join(", ", parts.Where(p => p.Length > 0)));
        }

        return gpus;
    }

    /// <summary>A Jetson's integrated GPU answers <c>[N/A]</c> to most questions.</summary>
    private static string Known(string value, string unit) => value.Length == 0 || value.StartsWith('[') ? "" : value + unit;
}
