using System.Globalization;
using OpenCvSharp;
using OpenCvSharp.Aruco;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>OpenCV's dictionaries of square markers.</summary>
internal static class MarkerDictionaries
{
    private static readonly Dictionary<string, (PredefinedDictionaryType Type, int Count)> Known = Enum.GetValues<PredefinedDictionaryType>()
        .Where(t => CountOf(t) > 0)
        .GroupBy(t => t)
        .ToDictionary(g => NameOf(g.Key), g => (g.Key, CountOf(g.Key)), StringComparer.OrdinalIgnoreCase);

    public static PredefinedDictionaryType Find(string name) => Known.TryGetValue(Normal(name), out (PredefinedDictionaryType Type, int Count) found)
        ? found.Type
        : throw new ConfigurationException(
            $"There is no marker dictionary '{name}': expected one of {string.Join(", ", Known.Keys.Order(StringComparer.Ordinal))}.");

    public static int CountOf(string name) => Known.TryGetValue(Normal(name), out (PredefinedDictionaryType Type, int Count) found) ? found.Count : 0;

    public static string NameOf(PredefinedDictionaryType type) =>
        type.ToString().Replace("Dict", "", StringComparison.OrdinalIgnoreCase).TrimStart('_').ToUpperInvariant();

    /// <summary>The dark cells of a marker, in metres from its corner; cells of a row that touch are one rectangle.</summary>
    public static IEnumerable<DarkRectangle> Cells(Dictionary dictionary, int id, double side, int borderBits)
    {
        int cells = dictionary.MarkerSize + (2 * borderBits);
        using var picture = new Mat();
        dictionary.GenerateImageMarker(id, cells, picture, borderBits);
        picture.GetArray(out byte[] bits);
        double cell = side / cells;
        for (int y = 0; y < cells; y++)
        {
            for (int x = 0; x < cells; x++)
            {
                int start = x;
                while (x < cells && bits[(y * cells) + x] == 0)
                {
                    x++;
                }

                if (x > start)
                {
                    yield return new DarkRectangle(start * cell, y * cell, (x - start) * cell, cell);
                }
            }
        }
    }

    private static string Normal(string name) => name.ToUpperInvariant().Replace("DICT_", "", StringComparison.Ordinal);

    private static int CountOf(PredefinedDictionaryType type) => NameOf(type) switch
    {
        "APRILTAG_16H5" => 30,
        "APRILTAG_25H9" => 35,
        "APRILTAG_36H10" => 2320,
        "APRILTAG_36H11" => 587,
        "ARUCO_ORIGINAL" or "ARUCOORIGINAL" => 1024,
        var name => int.TryParse(name.AsSpan(name.LastIndexOf('_') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0,
    };
}
