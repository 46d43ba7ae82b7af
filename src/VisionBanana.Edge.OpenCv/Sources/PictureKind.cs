using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>Picture files, read one after the other.</summary>
internal abstract class PictureKind : OpenCvKind
{
    protected static readonly IReadOnlyList<string> Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp", ".pgm", ".ppm"];

    public sealed override SourceSettings Takes => SourceSettings.Pace | SourceSettings.Loop | SourceSettings.Rate | SourceSettings.FieldOfView
        | SourceSettings.Scale | SourceSettings.Rotation;

    protected static bool IsPicture(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    protected static IReadOnlyList<string> RequireReadable(IReadOnlyList<string> paths)
    {
        foreach (string path in paths)
        {
            SourceFiles.RequireReadable(path, "picture");
        }

        return paths;
    }

    /// <summary>The first readable picture decides the size of all.</summary>
    protected static OpenedSource Describe(string name, IReadOnlyList<string> paths, CameraSourceOptions options)
    {
        var reading = new PictureReading(options.Rotation, options.Scale is { } scale ? new Imaging.SampleScaler(scale) : null);
        using var reader = new ImageReader(paths, reading, options.Logger);
        while (reader.Grab())
        {
            using OpenCvSharp.Mat picture = new();
            if (reader.Retrieve(picture))
            {
                string text = $"{name}, {paths.Count} picture{(paths.Count == 1 ? "" : "s")}, {picture.Width}×{picture.Height}{RangeOf(reading)}";
                return new OpenedSource(
                    text, picture.Width, picture.Height, false, options.FramesPerSecond, options, () => new ImageReader(paths, reading, options.Logger));
            }
        }

        throw new CameraException($"None of the {paths.Count} pictures of {name} is readable, beginning with '{paths[0]}'.");
    }

    private static string RangeOf(PictureReading reading) =>
        reading.Range is { } range ? $", 16-bit samples from {range.Min} (black) to {range.Max} (white)" : "";
}
