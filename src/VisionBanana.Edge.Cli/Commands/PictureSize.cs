using System.Globalization;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>Reads sizes such as 640x480.</summary>
internal static class PictureSize
{
    /// <exception cref="ConfigurationException">It is no size.</exception>
    public static (int Width, int Height) Parse(string text)
    {
        string[] parts = text.Split('x', 'X', '×');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width) && width is > 0 and <= 65535
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height) && height is > 0 and <= 65535
                ? (width, height)
                : throw new ConfigurationException($"Expected a size such as 640x480, found '{text}'.");
    }
}
