using System.Globalization;

namespace VisionBanana.Edge.Imaging;

/// <summary>Which part of 16-bit samples becomes 0…255: thermal cameras and sensors of 10 or 12 bits use a small part of the range.</summary>
/// <param name="Range">The samples that become 0 and 255; null = those of the first picture, from its 0.1st to its 99.9th percentile.</param>
public sealed record SampleScale((int Min, int Max)? Range)
{
    /// <summary>As the first picture has them.</summary>
    public static SampleScale Auto { get; } = new((ValueTuple<int, int>?)null);

    /// <summary>What <see cref="TryParse"/> expects.</summary>
    public const string Expected = "auto, or the samples that become black and white as MIN,MAX within 0 to 65535, e.g. 0,4095";

    /// <summary>Reads <c>auto</c> or <c>MIN,MAX</c>.</summary>
    public static bool TryParse(string text, out SampleScale? scale)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] numbers = text.Trim('[', ']', ' ').Split(',');
        scale = text == "auto" ? Auto
            : numbers.Length == 2 && int.TryParse(numbers[0], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out int min)
                && int.TryParse(numbers[1], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out int max)
                && min >= 0 && max <= ushort.MaxValue && min < max ? new SampleScale((min, max))
            : null;
        return scale is not null;
    }
}
