namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>
/// Calibration files of every known format. The content decides which one it is, never the name of the file; what fits none, or two, is
/// refused.
/// </summary>
public static class CalibrationFile
{
    /// <summary>The words for the formats, as <see cref="Write"/> takes them.</summary>
    public static IReadOnlyList<string> FormatNames { get; } = [.. CalibrationFormats.All.Select(f => f.Name)];

    /// <summary>Reads every camera of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ConfigurationException">It cannot be read, is of no known format, or something in it is wrong; every problem is told with its
    /// place.</exception>
    public static CalibrationSet Load(string path) => Read(CalibrationDocument.Open(path));

    /// <summary>Reads every camera of what is in memory; <paramref name="name"/> is what problems call it.</summary>
    /// <exception cref="ConfigurationException">It is of no known format, or something in it is wrong; every problem is told with its place.</exception>
    public static CalibrationSet Parse(byte[] content, string name) => Read(CalibrationDocument.Of(content, name));

    /// <summary>Reads one camera. Of several, <c>FILE#NAME</c> chooses one by its name in the file.</summary>
    /// <param name="address">The file, with # and a camera's name when it holds several.</param>
    /// <param name="pictureSize">The size of the pictures, which chooses when only one camera of the file has it; null = not known.</param>
    /// <exception cref="ConfigurationException">As of <see cref="Load"/>; or the file has several cameras and none was chosen.</exception>
    public static CameraIntrinsics Read(string address, (int Width, int Height)? pictureSize = null) => Camera(address, pictureSize).Intrinsics;

    /// <summary>As <see cref="Read(string, ValueTuple{int, int}?)"/>, with what the file says beside the intrinsics.</summary>
    /// <exception cref="ConfigurationException">As there.</exception>
    public static CalibratedCamera Camera(string address, (int Width, int Height)? pictureSize = null)
    {
        (string path, string? name) = Split(address);
        IReadOnlyList<CalibratedCamera> cameras = Load(path).Cameras;
        CalibratedCamera[] fitting = name is null
            ? [.. cameras]
            : [.. cameras.Where(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase))];
        if (fitting.Length > 1 && pictureSize is { } size)
        {
            fitting = [.. fitting.Where(c => (c.Intrinsics.Width, c.Intrinsics.Height) == size)];
        }

        return fitting is [var one]
            ? one
            : throw new ConfigurationException(
                $"{path}: expected one camera, found {cameras.Count}{(name is null ? "" : $" and none alone called '{name}'")}; choose with {path}#NAME: "
                + string.Join(", ", cameras.Take(32).Select(c => $"{c.Name} ({c.Intrinsics.Width}×{c.Intrinsics.Height})")) + ".");
    }

    /// <summary>Writes cameras in a format; an existing file is replaced in one step.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cameras">One camera, or several where the format holds several.</param>
    /// <param name="format">One of <see cref="FormatNames"/>.</param>
    /// <exception cref="ConfigurationException">There is no such format, or it has no place for such a camera.</exception>
    /// <exception cref="CameraException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<CalibratedCamera> cameras, string format = "ros") =>
        CalibrationWriter.Replace(path, Format(cameras, format));

    /// <summary>The content that <see cref="Write"/> would write.</summary>
    /// <exception cref="ConfigurationException">There is no such format, or it has no place for such a camera.</exception>
    public static byte[] Format(IReadOnlyList<CalibratedCamera> cameras, string format)
    {
        ArgumentNullException.ThrowIfNull(cameras);
        ArgumentOutOfRangeException.ThrowIfZero(cameras.Count);
        CalibrationFormat writer = CalibrationFormats.All.FirstOrDefault(f => f.Name == format)
            ?? throw new ConfigurationException($"There is no format '{format}': expected one of {CalibrationFormats.Names}.");
        if (cameras.Count > 1 && !writer.HoldsMany)
        {
            throw new ConfigurationException($"{format} holds one camera, there are {cameras.Count}: choose one with FILE#NAME.");
        }

        foreach (CameraIntrinsics camera in cameras.Select(c => c.Intrinsics))
        {
            string? why = writer.Models.Contains(camera.DistortionModel)
                ? camera.SkewY == 0 ? writer.WhyNot(camera) : "no file has a place for a skew along y: write the camera as it was before it was turned"
                : $"{format} has no {LensModels.Of(camera.DistortionModel).Name}; formats that have: "
                    + string.Join(", ", CalibrationFormats.All.Where(f => f.Models.Contains(camera.DistortionModel)).Select(f => f.Name));
            if (why is not null)
            {
                throw new ConfigurationException($"The camera '{camera.Name}' cannot be written as {format}: {why}.");
            }
        }

        byte[] content = writer.Write(cameras);

        // What was written must read back: nothing leaves that would be refused.
        Parse(content, format);
        return content;
    }

    /// <summary>The format that a file's name suggests, or null; reading never asks for it.</summary>
    public static string? FormatOf(string path) => Path.GetFileName(path).ToLowerInvariant() switch
    {
        "cameras.txt" => "colmap",
        "cameras.bin" => "colmap-bin",
        "sensor.yaml" => "euroc",
        var name when name.StartsWith("camchain", StringComparison.Ordinal) => "kalibr",
        var name when name.StartsWith("transforms", StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal) => "nerfstudio",
        var name => Path.GetExtension(name) switch
        {
            ".yaml" => "ros",
            ".yml" => "opencv",
            ".xml" => "opencv-xml",
            ".conf" => "zed",
            ".m" => "matlab",
            _ => null,
        },
    };

    private static (string Path, string? Name) Split(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        int hash = address.LastIndexOf('#');
        return hash <= 0 || File.Exists(address) ? (address, null) : (address[..hash], address[(hash + 1)..]);
    }

    private static CalibrationSet Read(CalibrationDocument document)
    {
        CalibrationFormat[] formats = [.. CalibrationFormats.All.Where(f => f.Recognises(document))];
        if (formats is not [var format])
        {
            string found = document.Root is { } root ? $"the keys {string.Join(", ", root.Keys().Take(12))}" : document.Text is null ? "binary data" : "text";
            document.Problems.Add(formats.Length == 0
                ? $"is no calibration of a known format: found {found}; known are {CalibrationFormats.Names}"
                : $"could be read as {string.Join(" and as ", formats.Select(f => f.Name))}: found {found}; take out what belongs to the other");
            document.Problems.ThrowIfAny();
            throw new InvalidOperationException("A problem was just added.");
        }

        document.Root?.AskAnew();
        IReadOnlyList<CalibratedCamera> cameras = format.Read(document);
        document.Problems.ThrowIfAny();
        if (cameras.Count == 0)
        {
            document.Problems.Add($"is a {format.Description} file without a calibrated camera");
            document.Problems.ThrowIfAny();
        }

        return new CalibrationSet(format.Name, cameras);
    }
}
