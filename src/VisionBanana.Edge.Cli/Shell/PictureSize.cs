using System.Globalization;

namespace VisionBanana.Edge.Cli.Shell;

/// <summary>Reads sizes such as 640x480.</summary>
internal static class PictureSize
{
    /// <summary>True when the text is two whole numbers from 1 to 65535 with an x between them.</summary>
    public static bool TryParse(string text, out (int Width, int Height) size)
    {
        string[] parts = text.Split('x', 'X', '×');
        size = default;
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out size.Width) && size.Width is > 0 and <= 65535
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out size.Height) && size.Height is > 0 and <= 65535;
    }
}
