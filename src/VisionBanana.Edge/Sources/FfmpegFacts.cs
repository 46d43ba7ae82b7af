namespace VisionBanana.Edge.Sources;

/// <summary>What differs between the ffmpeg programs of different systems.</summary>
/// <param name="PassThrough">Every picture once, none invented to keep a rate: the option changed its name in 5.1.</param>
/// <param name="ShowInfo">The filter that tells the size of each picture as it was sent; before 4.3 it always sums up the pixels, too.</param>
internal sealed record FfmpegFacts(IReadOnlyList<string> PassThrough, string ShowInfo)
{
    /// <summary>From the first line of <c>ffmpeg -version</c>; a version that is no number is a new one.</summary>
    public static FfmpegFacts Of(string firstLine)
    {
        string[] words = firstLine.Split(' ');
        string[] numbers = words.Length > 2 ? words[2].Split('.', '-') : [];
        (int, int) version = numbers.Length > 1 && int.TryParse(numbers[0], out int major)
            && int.TryParse(numbers[1], out int minor) ? (major, minor) : (99, 0);
        return new FfmpegFacts(
            version.CompareTo((5, 1)) < 0 ? ["-vsync", "passthrough"] : ["-fps_mode", "passthrough"],
            version.CompareTo((4, 3)) < 0 ? "showinfo" : "showinfo=checksum=0");
    }
}
