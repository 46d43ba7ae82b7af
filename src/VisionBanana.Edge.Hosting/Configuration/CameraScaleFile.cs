using System.Globalization;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>
/// The factor that <c>vbedge scale</c> found for one camera and one model: a small YAML file beside the calibration,
/// <c>my-camera.yaml</c> → <c>my-camera.scale.yaml</c>. A pipeline with that calibration begins with it.
/// </summary>
internal sealed record CameraScaleFile
{
    private const int Version = 1;

    /// <summary>What the painted depth is multiplied with.</summary>
    public required double Factor { get; init; }

    /// <summary>The standard deviation of its logarithm.</summary>
    public required double Std { get; init; }

    /// <summary>The model it was found with; that of another painter would be wrong.</summary>
    public required string Model { get; init; }

    /// <summary>The distance that was known, metres.</summary>
    public double KnownM { get; init; }

    /// <summary>Pictures that were averaged.</summary>
    public int Pictures { get; init; }

    /// <summary>The file of a calibration.</summary>
    public static string PathOf(string calibration)
    {
        // FILE#NAME is one of several cameras of a file.
        string[] parts = calibration.Split('#', 2);
        return Path.ChangeExtension(parts[0], parts.Length == 2 ? $".{parts[1]}.scale.yaml" : ".scale.yaml");
    }

    /// <summary>Reads the file of a calibration; null = there is none.</summary>
    /// <exception cref="ConfigurationException">It is malformed.</exception>
    public static CameraScaleFile? Find(string? calibration) =>
        calibration is not null && PathOf(calibration) is var path && File.Exists(path) ? Read(path) : null;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">It is malformed.</exception>
    public static CameraScaleFile Read(string path)
    {
        YamlSection root = YamlFile.Load(path);
        root.RequireInt("version", Version, Version);
        var file = new CameraScaleFile
        {
            Factor = root.RequireDouble("factor", 0.01, 100),
            Std = root.RequireDouble("std", 0.001, 3),
            Model = root.RequireString("model"),
            KnownM = root.OptionalDouble("known_m", 0, 10_000) ?? 0,
            Pictures = root.OptionalInt("pictures", 0) ?? 0,
        };
        root.RefuseUnknownKeys();
        root.Problems.ThrowIfAny();
        return file;
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    public void Write(string path)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"# Found by `vbedge scale`: the depth of this camera, painted by this model, times factor. Delete the file to forget it.\nversion: {Version}\n"
                + $"factor: {Factor:0.#####}\nstd: {Math.Max(Std, 0.001):0.#####}   # of its logarithm\nmodel: \"{Model}\"\nknown_m: {KnownM:0.####}\n"
                + $"pictures: {Pictures}\n");
        string next = path + ".new";
        File.WriteAllText(next, text);
        File.Move(next, path, overwrite: true);
    }

    /// <summary>The anchor, for the model that it was found with.</summary>
    /// <exception cref="ConfigurationException">It was found with another model.</exception>
    public FixedAnchor For(string model, string calibration) => Model == model
        ? new FixedAnchor(Factor, Math.Max(Std, 0.01))
        : throw new ConfigurationException(
            $"{PathOf(calibration)} was found with {Model}, but {model} paints: run `vbedge scale` again, delete the file, or say "
            + "scale: {camera_file: false}.");
}
