using System.Globalization;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>How many robots and workers <c>bench --fleet</c> starts.</summary>
/// <param name="Robots">Processes that capture.</param>
/// <param name="Workers">Processes that paint.</param>
internal readonly record struct FleetSize(int Robots, int Workers)
{
    private const int Most = 200;

    /// <summary>What is expected of a text.</summary>
    public const string Expected = "robots=N,workers=N, each from 1 to 200";

    /// <summary>Reads <c>robots=8,workers=3</c>.</summary>
    public static bool TryParse(string text, out FleetSize? size)
    {
        size = null;
        Dictionary<string, int> found = [];
        foreach (string part in text.Split(','))
        {
            if (part.Split('=') is not [var key, var value] || !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                || number is < 1 or > Most || !found.TryAdd(key, number))
            {
                return false;
            }
        }

        if (found.Count != 2 || !found.TryGetValue("robots", out int robots) || !found.TryGetValue("workers", out int workers))
        {
            return false;
        }

        size = new FleetSize(robots, workers);
        return true;
    }
}
